//! Expressions that give one type in particular: operators, BIFs, bit strings, comprehensions, maps.

use crate::grammar::{Grammar, list, places};
use crate::node::{Node, Type};
use Type::{Atom, Binary, Bits, Bool, Float, Int, Record, Text};

/// A template and what stands at its places.
type Form = (&'static str, &'static [Type]);

const INTEGER: &[Form] = &[
    ("(@ + @)", &[Int, Int]),
    ("(@ - @)", &[Int, Int]),
    ("(@ * @)", &[Int, Int]),
    ("(@ div @)", &[Int, Int]),
    ("(@ rem @)", &[Int, Int]),
    ("(@ band @)", &[Int, Int]),
    ("(@ bor @)", &[Int, Int]),
    ("(@ bxor @)", &[Int, Int]),
    ("(@ bsl (@ band 127))", &[Int, Int]),
    ("(@ bsr (@ band 255))", &[Int, Int]),
    ("(@ bsl (@ rem 70))", &[Int, Int]),
    ("(bnot @)", &[Int]),
    ("(- @)", &[Int]),
    ("abs(@)", &[Int]),
    ("max(@, @)", &[Int, Int]),
    ("min(@, @)", &[Int, Int]),
    ("byte_size(@)", &[Bits]),
    ("bit_size(@)", &[Bits]),
    ("trunc(@)", &[Float]),
    ("round(@)", &[Float]),
    ("floor(@)", &[Float]),
    ("ceil(@)", &[Float]),
    ("length(@)", &[Text]),
    ("hd(@)", &[Text]),
    ("binary_to_integer(integer_to_binary(@))", &[Int]),
    ("list_to_integer(integer_to_list(@, 16), 16)", &[Int]),
    ("erlang:phash2(@)", &[Bits]),
    ("erlang:phash2({@, @})", &[Int, Float]),
    ("erlang:crc32(@)", &[Binary]),
    ("erlang:adler32(@)", &[Binary]),
    ("binary:decode_unsigned(@)", &[Binary]),
    ("binary:at(@, @ band 3)", &[Binary, Int]),
    ("(@)#r.a", &[Record]),
    ("tuple_size(@)", &[Record]),
    ("byte_size(term_to_binary(@))", &[Int]),
    ("string:length(@)", &[Text]),
    ("gcd(@, @)", &[Int, Int]),
];

const FLOAT: &[Form] = &[
    ("(@ + @)", &[Float, Float]),
    ("(@ - @)", &[Float, Float]),
    ("(@ * @)", &[Float, Float]),
    ("(@ / @)", &[Float, Float]),
    ("(@ / @)", &[Int, Int]),
    ("(@ + @)", &[Int, Float]),
    ("(@ * @)", &[Float, Int]),
    ("float(@)", &[Int]),
    ("(- @)", &[Float]),
    ("abs(@)", &[Float]),
    ("math:sqrt(abs(@))", &[Float]),
    ("math:floor(@)", &[Float]),
    ("math:ceil(@)", &[Float]),
    ("math:fmod(@, @)", &[Float, Float]),
    ("max(@, @)", &[Float, Float]),
    ("binary_to_float(float_to_binary(@, [short]))", &[Float]),
    ("list_to_float(float_to_list(@))", &[Float]),
    ("(fun(<<F1:64/float>>) -> F1 end)(<<(@):64/float>>)", &[Float]),
    ("lists:sum([@, @])", &[Int, Float]),
    ("math:pow(@, @)", &[Float, Int]),
    ("math:exp(@)", &[Float]),
    ("math:log(@)", &[Float]),
    ("math:sin(@)", &[Float]),
    ("math:atan2(@, @)", &[Float, Float]),
];

const BOOL: &[Form] = &[
    ("(@ and @)", &[Bool, Bool]),
    ("(@ or @)", &[Bool, Bool]),
    ("(@ xor @)", &[Bool, Bool]),
    ("(not @)", &[Bool]),
    ("(@ andalso @)", &[Bool, Bool]),
    ("(@ orelse @)", &[Bool, Bool]),
    ("(@ < @)", &[Int, Int]),
    ("(@ >= @)", &[Int, Float]),
    ("(@ == @)", &[Int, Float]),
    ("(@ =:= @)", &[Float, Float]),
    ("(@ < @)", &[Bits, Binary]),
    ("(@ =< @)", &[Text, Text]),
    ("(@ /= @)", &[Record, Record]),
    ("is_integer(@)", &[Int]),
    ("is_binary(@)", &[Bits]),
    ("is_atom(@)", &[Atom]),
    ("is_record(@, r)", &[Record]),
    ("lists:prefix(@, @)", &[Text, Text]),
];

const ATOM: &[Form] = &[
    ("element(1, @)", &[Record]),
    ("binary_to_atom(<<\"q\", (integer_to_binary(@ band 3))/binary>>)", &[Int]),
    ("list_to_atom(atom_to_list(@))", &[Atom]),
    ("(@)", &[Bool]),
];

const BINARY: &[Form] = &[
    ("<<(@)/binary, (@)/binary>>", &[Binary, Binary]),
    ("<<(@), (@)/binary>>", &[Int, Binary]),
    ("<<(@)/binary, (@):24/little>>", &[Binary, Int]),
    ("<<(@)/binary, (@):(8 * (@ band 15))/big-signed>>", &[Binary, Int, Int]),
    ("<<(@)/utf8, (@)/binary>>", &[Int, Binary]),
    ("<<(@):64/float, (@):32/float-little>>", &[Float, Int]),
    ("integer_to_binary(@)", &[Int]),
    ("integer_to_binary(@, 36)", &[Int]),
    ("float_to_binary(@, [short])", &[Float]),
    ("float_to_binary(@, [{decimals, @ band 7}])", &[Float, Int]),
    ("atom_to_binary(@)", &[Atom]),
    ("list_to_binary([@, @])", &[Binary, Text]),
    ("iolist_to_binary([@ | @])", &[Text, Binary]),
    ("binary_part(@, 0, @ band 3)", &[Binary, Int]),
    ("binary:part(@, byte_size(@), -1)", &[Binary, Binary]),
    ("binary:copy(@, @ band 3)", &[Binary, Int]),
    ("binary:encode_unsigned(abs(@))", &[Int]),
    ("unicode:characters_to_binary(@)", &[Text]),
    ("(@)#r.b", &[Record]),
    ("term_to_binary({@, @, @})", &[Int, Float, Bits]),
    ("iolist_to_binary(io_lib:format(\"~p ~w\", [@, @]))", &[Float, Text]),
    ("iolist_to_binary(io_lib:format(\"~.3f ~e ~.2g\", [@, @, @]))", &[Float, Float, Float]),
    (
        "iolist_to_binary(io_lib:format(\"~b ~.16B ~12w|~-12w|\", [@, @, @, @]))",
        &[Int, Int, Int, Atom],
    ),
    ("iolist_to_binary(io_lib:format(\"~s ~ts ~c\", [@, @, 65]))", &[Binary, Text]),
    ("iolist_to_binary(io_lib:format(\"~p\", [{@, @, [@]}]))", &[Bits, Atom, Record]),
    ("binary:replace(@, <<\"l\">>, @, [global])", &[Binary, Binary]),
];

const BITS: &[Form] = &[
    ("<<(@)/bits, (@):(@ band 63)>>", &[Bits, Int, Int]),
    ("<<(@):7, (@)/bits>>", &[Int, Bits]),
    ("<<(@):(@ rem 40)/little, (@):3>>", &[Int, Int, Int]),
    ("<<(@)/bits, (@):16/float>>", &[Bits, Float]),
    ("list_to_bitstring([@, @])", &[Binary, Bits]),
    ("(@)", &[Binary]),
    ("(fun(<<_:3, B1/bits>>) -> B1 end)(@)", &[Bits]),
    ("<< <<X1:5>> || <<X1:4>> <= @ >>", &[Bits]),
    ("<< <<(X1 + 1):9/little>> || <<X1:7/signed, _:1>> <= @, X1 > 3 >>", &[Bits]),
];

const TEXT: &[Form] = &[
    ("integer_to_list(@)", &[Int]),
    ("float_to_list(@, [short])", &[Float]),
    ("float_to_list(@, [{scientific, 5}])", &[Float]),
    ("atom_to_list(@)", &[Atom]),
    ("(@ ++ @)", &[Text, Text]),
    ("(@ -- @)", &[Text, Text]),
    ("lists:reverse(@)", &[Text]),
    ("lists:usort(@)", &[Text]),
    ("binary_to_list(@)", &[Binary]),
    ("tl(@)", &[Text]),
    ("string:uppercase(@)", &[Text]),
    ("string:trim(@)", &[Text]),
    ("lists:flatten(io_lib:format(\"~tp\", [@]))", &[Text]),
    ("[C1 || C1 <- @, C1 =/= $a]", &[Text]),
    ("lists:sublist(@, 2, @ band 7)", &[Text, Int]),
];

const RECORD: &[Form] = &[
    ("(@)#r{a = @}", &[Record, Int]),
    ("(@)#r{b = @, c = @}", &[Record, Binary, Float]),
    ("#r{a = @}", &[Int]),
    ("setelement(2, @, @)", &[Record, Int]),
    ("(@)#r{a = (@)#r.a}", &[Record, Record]),
];

impl Grammar {
    /// A form that gives this type and no other.
    pub fn special(&mut self, ty: &Type, depth: usize) -> Node {
        let table = match ty {
            Int => INTEGER,
            Float => FLOAT,
            Bool => BOOL,
            Atom => ATOM,
            Binary => BINARY,
            Bits => BITS,
            Text => TEXT,
            Record => RECORD,
            Type::List(of) => return self.list_form(ty, of, depth),
            Type::Tuple(types) => return self.tuple_form(ty, types, depth),
            Type::Map(key, value) => return self.map_form(ty, key, value, depth),
            Type::Fun(types, result) => return self.fun_form(ty, types, result, depth),
        };
        match (ty, self.below(12)) {
            (Int | Float, 0) => self.fold(ty, depth),
            (Int, 1) => self.measure(depth),
            (Bool, 0 | 1) => self.member(depth),
            (Bits | Binary, 0 | 1) => self.bits_comprehension(ty, depth),
            (Bits, 2 | 3) => self.construction(depth),
            _ => {
                let (template, types) = table[self.below(table.len())];
                let parts = types.iter().map(|ty| self.expression(ty, depth)).collect();
                Node::new(Some(ty.clone()), template, parts)
            }
        }
    }

    fn form(&mut self, ty: &Type, template: &str, types: &[Type], depth: usize) -> Node {
        let parts = types.iter().map(|ty| self.expression(ty, depth)).collect();
        Node::new(Some(ty.clone()), template, parts)
    }

    fn fold(&mut self, ty: &Type, depth: usize) -> Node {
        let element = self.any_type(0);
        let mut parts = vec![self.closure(&[element.clone(), ty.clone()], ty, depth)];
        parts.push(self.expression(ty, depth.min(1)));
        parts.push(self.expression(&list(element), depth));
        let template = self.one_of(&["lists:foldl(@, @, @)", "lists:foldr(@, @, @)"]);
        Node::new(Some(ty.clone()), template, parts)
    }

    fn measure(&mut self, depth: usize) -> Node {
        let of = self.any_type(1);
        match self.below(4) {
            0 => self.form(&Int, "length(@)", &[list(of)], depth),
            1 => self.form(&Int, "map_size(@)", &[Type::Map(Box::new(Int), Box::new(of))], depth),
            2 => self.form(&Int, "erlang:phash2(@)", &[of], depth),
            _ => self.form(&Int, "lists:sum(@)", &[list(Int)], depth),
        }
    }

    fn member(&mut self, depth: usize) -> Node {
        let of = self.any_type(1);
        match self.below(5) {
            0 => self.form(&Bool, "lists:member(@, @)", &[of.clone(), list(of)], depth),
            1 => {
                let map = Type::Map(Box::new(Int), Box::new(of));
                self.form(&Bool, "is_map_key(@, @)", &[Int, map], depth)
            }
            2 => {
                let mut parts = vec![self.closure(std::slice::from_ref(&of), &Bool, depth)];
                parts.push(self.expression(&list(of), depth));
                Node::new(Some(Bool), self.one_of(&["lists:any(@, @)", "lists:all(@, @)"]), parts)
            }
            3 => {
                let operator =
                    self.one_of(&["(@ < @)", "(@ == @)", "(@ =:= @)", "(@ >= @)", "(@ /= @)"]);
                self.form(&Bool, operator, &[of.clone(), of], depth)
            }
            _ => {
                let other = self.any_type(1);
                self.form(&Bool, "(@ < @)", &[of, other], depth)
            }
        }
    }

    /// `GENERATORS, FILTERS` of a comprehension; its variables are in scope afterwards.
    fn qualifiers(&mut self, depth: usize) -> (String, Vec<Node>) {
        let mut text = Vec::new();
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(2) {
            match self.below(4) {
                0 => {
                    let source = self.expression(&Bits, depth);
                    let size = 1 + self.below(20);
                    let flags = self.integer_flags();
                    let name = self.bind(Int);
                    text.push(format!("<<{name}:{size}/{flags}>> <= @"));
                    parts.push(source);
                }
                1 if self.release >= 26 => {
                    let of = self.any_type(0);
                    let map = Type::Map(Box::new(Int), Box::new(of.clone()));
                    parts.push(self.expression(&map, depth));
                    let (key, value) = (self.bind(Int), self.bind(of));
                    text.push(format!("{{{key}, {value}}} <- lists:sort(maps:to_list(@))"));
                }
                _ => {
                    let of = self.any_type(1);
                    parts.push(self.expression(&list(of.clone()), depth));
                    let pattern = self.pattern(&of, 1);
                    text.push(format!("{pattern} <- @"));
                }
            }
        }
        if self.chance(50) {
            text.push(self.guard_test());
        }
        (text.join(", "), parts)
    }

    fn list_form(&mut self, ty: &Type, of: &Type, depth: usize) -> Node {
        let same = std::slice::from_ref(ty);
        match self.below(20) {
            0 => self.form(ty, "(@ ++ @)", &[ty.clone(), ty.clone()], depth),
            1 => self.form(ty, "[@ | @]", &[of.clone(), ty.clone()], depth),
            2 => self.form(ty, "[@, @, @]", &[of.clone(), of.clone(), of.clone()], depth),
            3 => self.form(ty, "lists:reverse(@)", same, depth),
            4 => {
                let sort =
                    self.one_of(&["lists:sort(@)", "lists:usort(@)", "lists:droplast(@)", "tl(@)"]);
                self.form(ty, sort, same, depth)
            }
            5 => self.form(ty, "(@ -- @)", &[ty.clone(), ty.clone()], depth),
            6 => self.form(ty, "lists:sublist(@, @ band 7)", &[ty.clone(), Int], depth),
            7 => self.form(ty, "lists:duplicate(@ band 7, @)", &[Int, of.clone()], depth),
            8 => {
                let from = self.any_type(0);
                let mut parts = vec![self.closure(std::slice::from_ref(&from), of, depth)];
                parts.push(self.expression(&list(from), depth));
                Node::new(Some(ty.clone()), "lists:map(@, @)", parts)
            }
            9 => {
                let parts = vec![
                    self.closure(std::slice::from_ref(of), &Bool, depth),
                    self.expression(ty, depth),
                ];
                let template = self.one_of(&[
                    "lists:filter(@, @)",
                    "lists:takewhile(@, @)",
                    "lists:dropwhile(@, @)",
                ]);
                Node::new(Some(ty.clone()), template, parts)
            }
            10 => {
                let map = Type::Map(Box::new(Int), Box::new(of.clone()));
                self.form(ty, "[MV1 || {_, MV1} <- lists:sort(maps:to_list(@))]", &[map], depth)
            }
            13 => {
                let template = self.one_of(&[
                    "lists:merge(lists:sort(@), lists:sort(@))",
                    "lists:append([@, @])",
                    "lists:foldl(fun(E1, A1) -> [E1 | A1] end, @, @)",
                    "element(1, lists:splitwith(fun(E1) -> E1 =/= 0 end, @)) ++ @",
                    "[E1 || {E1, _} <- lists:zip(@, @)]",
                    "maps:keys(maps:from_keys(@, 1)) -- @",
                    "lists:uniq(@ ++ @)",
                ]);
                self.form(ty, template, &[ty.clone(), ty.clone()], depth)
            }
            14 => {
                let template = self.one_of(&[
                    "lists:sort(fun(E1, E2) -> E1 >= E2 end, @)",
                    "lists:nthtail(1, @)",
                    "element(2, lists:partition(fun(E1) -> E1 < 3 end, @))",
                    "element(2, lists:unzip(lists:enumerate(@)))",
                    "lists:flatmap(fun(E1) -> [E1, E1] end, @)",
                    "element(2, lists:keyfind(1, 1, [{1, @}]))",
                    "tuple_to_list(list_to_tuple(@))",
                    "binary_to_term(term_to_binary(@))",
                    "lists:filtermap(fun(E1) when E1 == a -> false; (E1) -> {true, E1} end, @)",
                ]);
                self.form(ty, template, same, depth)
            }
            15 if *of == Binary => {
                let template = self.one_of(&[
                    "binary:split(@, @, [global])",
                    "string:split(@, @)",
                    "[@, string:trim(@)]",
                ]);
                self.form(ty, template, &[Binary, Binary], depth)
            }
            11 if *of == Int => {
                self.form(ty, "[S1 + @ || S1 <- lists:seq(0, @ band 31)]", &[Int, Int], depth)
            }
            12 => self.form(ty, "tuple_to_list({@, @})", &[of.clone(), of.clone()], depth),
            _ => {
                let scope = self.scope();
                let (qualifiers, parts) = self.qualifiers(depth);
                let mut children = vec![self.expression(of, depth)];
                self.leave(scope);
                children.extend(parts);
                Node::new(Some(ty.clone()), &format!("[@ || {qualifiers}]"), children)
            }
        }
    }

    fn bits_comprehension(&mut self, ty: &Type, depth: usize) -> Node {
        let scope = self.scope();
        let (qualifiers, parts) = self.qualifiers(depth);
        let mut children = vec![self.expression(&Int, depth)];
        self.leave(scope);
        children.extend(parts);
        let size = match ty {
            Binary => 8 * (1 + self.below(4)),
            _ => 1 + self.below(70),
        };
        Node::new(Some(ty.clone()), &format!("<< <<(@):{size}>> || {qualifiers} >>"), children)
    }

    fn construction(&mut self, depth: usize) -> Node {
        let mut segments = Vec::new();
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(5) {
            let (segment, types): (String, &[Type]) = match self.below(7) {
                0 => (format!("(@):{}/{}", self.below(80), self.integer_flags()), &[Int]),
                1 => (format!("(@):(@ band 31)/{}", self.integer_flags()), &[Int, Int]),
                2 => ("(@)/bits".into(), &[Bits]),
                3 => ("(@):(@ band 3)/binary".into(), &[Binary, Int]),
                4 => {
                    let size = self.one_of(&["16", "32", "64"]);
                    (format!("(@):{size}/float{}", self.one_of(&["", "-little"])), &[Float])
                }
                5 => ("(@)/utf16".into(), &[Int]),
                _ => ("\"str\"".into(), &[]),
            };
            segments.push(segment);
            parts.extend(
                types.iter().map(|ty| self.expression(ty, depth.min(2))).collect::<Vec<_>>(),
            );
        }
        Node::new(Some(Bits), &format!("<<{}>>", segments.join(", ")), parts)
    }

    fn tuple_form(&mut self, ty: &Type, types: &[Type], depth: usize) -> Node {
        match self.below(4) {
            0 => {
                let at = self.below(types.len());
                self.form(
                    ty,
                    &format!("setelement({}, @, @)", at + 1),
                    &[ty.clone(), types[at].clone()],
                    depth,
                )
            }
            1 => self.form(ty, &format!("list_to_tuple([{}])", places(types.len())), types, depth),
            _ => self.form(ty, &format!("{{{}}}", places(types.len())), types, depth),
        }
    }

    fn map_form(&mut self, ty: &Type, key: &Type, value: &Type, depth: usize) -> Node {
        let [whole, k, v] = [ty, key, value].map(Type::clone);
        match self.below(13) {
            0 => self.form(ty, "(@)#{@ => @}", &[whole, k, v], depth),
            1 => self.form(ty, "(@)#{@ := @}", &[whole, k, v], depth),
            2 => self.form(ty, "(@)#{@ => @, @ => @}", &[whole, k.clone(), v.clone(), k, v], depth),
            3 => self.form(
                ty,
                "#{@ => @, @ => @, @ => @}",
                &[k.clone(), v.clone(), k.clone(), v.clone(), k, v],
                depth,
            ),
            4 => self.form(ty, "maps:put(@, @, @)", &[k, v, whole], depth),
            5 => self.form(ty, "maps:remove(@, @)", &[k, whole], depth),
            6 => self.form(ty, "maps:merge(@, @)", &[whole.clone(), whole], depth),
            7 => self.form(ty, "maps:from_list(@)", &[list(Type::Tuple(vec![k, v]))], depth),
            8 | 9 => {
                let parts =
                    vec![self.closure(&[k, v.clone()], value, depth), self.expression(ty, depth)];
                Node::new(Some(whole), "maps:map(@, @)", parts)
            }
            10 => {
                let parts = vec![self.closure(&[k, v], &Bool, depth), self.expression(ty, depth)];
                Node::new(Some(whole), "maps:filter(@, @)", parts)
            }
            11 if *key == Int => {
                // Large enough for the other representation.
                let scope = self.scope();
                let name = self.bind(Int);
                let body = self.expression(value, depth.min(2));
                self.leave(scope);
                let template = format!(
                    "maps:from_list([{{{name} * 7, @}} || {name} <- lists:seq(1, @ band 63)])"
                );
                let limit = self.expression(&Int, depth.min(1));
                Node::new(Some(whole), &template, vec![body, limit])
            }
            _ => self.literal(ty, depth.min(2)),
        }
    }

    fn fun_form(&mut self, ty: &Type, types: &[Type], result: &Type, depth: usize) -> Node {
        let fitting: Vec<String> = self
            .functions
            .iter()
            .filter(|(_, arguments, given)| arguments == types && given == result)
            .map(|(name, ..)| name.clone())
            .collect();
        if !fitting.is_empty() && self.chance(40) {
            let name = &fitting[self.below(fitting.len())];
            let prefix = self.one_of(&["fun ", "fun ?MODULE:"]);
            return Node::leaf(ty.clone(), format!("{prefix}{name}/{}", types.len()));
        }
        self.closure(types, result, depth)
    }
}
