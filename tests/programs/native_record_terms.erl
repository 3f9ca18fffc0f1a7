%% Native records as terms: order, hashes, external format, module records, and every refusal.
%% otp: 29+
-module(native_record_terms).
-export([main/0, id/1]).
-export_record([loc, pt]).

-record #loc{a, b = 2}.
-record #pt{zq9 = 1, aq9}.
-record #hidden{x = 1}.
-record #empty{}.

main() ->
    Records = [made([{a, 1}, {b, 2}]), made([{b, 1}, {a, 2}]), made([{c, 0}]), made([{a, 2}, {b, 1}]),
               records:create(m, n, [{a, 1}, {b, 2}], #{is_exported => false}),
               records:create(m, o, [{a, 1}], #{is_exported => false}),
               records:create(l, z, [{a, 1}, {b, 0}, {c, 9}], #{is_exported => false}),
               made([{a, 1.0}, {b, 2}]), made([{zq1, 1}, {aq1, 2}]), made([{aq1, 1}, {zq1, 1}]), made([])],
    show([[{X < Y, X == Y, X =:= Y} || Y <- Records] || X <- Records]),
    show(lists:sort([{}, #{}, [], <<>>, a, 1 | Records])),
    show([erlang:phash2(X) || X <- [made([]), made([{a, 1}]), made([{b, "text"}]), #empty{}, {m, n, true}]]),
    show([term_to_binary(X) || X <- [#empty{}, #hidden{} | Records]]),
    show([binary_to_term(term_to_binary(X)) =:= X || X <- [#empty{}, #hidden{} | Records]]),
    show([try binary_to_term(B) catch error:R -> R end
          || B <- [<<131, 67, 0, 0, 0, 1, 1, 119, 1, $m, 119, 1, $n, 119, 1, $a>>,
                   <<131, 67, 0, 0, 0, 2, 1, 119, 1, $m, 119, 1, $n, 119, 1, $a, 119, 1, $a, 97, 1, 97, 2>>]]),
    erlang:display([made([]), made([{a, <<1>>}])]),
    show([erlang:external_size(X) || X <- Records]),
    show([try F() catch C:R:Trace -> {C, R, setelement(4, hd(Trace), [])} end || F <- refusals(made([{a, 1}, {b, 2}]))]),
    show([try is_record(id(T), id(A), id(B)) catch error:E -> E end
          || T <- [made([]), {n, 1}, x], A <- [n, m, 1], B <- [n, 2, 1, "x"]]),
    show([try is_record(id(T), id(A)) catch error:E -> E end || T <- [made([]), {n, 1}, x], A <- [n, m, 1]]),
    show([is_record(T) || T <- [made([]), {n}, #{}]]),
    show([records:get_field_names(#pt{aq9 = 3}), records:get(zq9, #pt{aq9 = 3}), records:is_exported(#hidden{}),
          records:get_module(#hidden{}), records:get_name(#hidden{})]).

refusals(R) ->
    Hidden = records:create(m, n, [{a, 1}], #{is_exported => false}),
    [fun() -> records:get(q, R) end, fun() -> records:get(a, {a}) end, fun() -> records:get_field_names(1) end,
     fun() -> records:get_module(1) end, fun() -> records:get_name(#{}) end, fun() -> records:is_exported([]) end,
     fun() -> records:update(R, m, n, #{q => 1}) end, fun() -> records:update(R, m, n2, #{a => 1}) end,
     fun() -> records:update(R, m, n, 1) end, fun() -> records:update(R, m, n, #{}) end,
     fun() -> records:update(R, m, '_', #{b => 7}) end, fun() -> records:update(1, m, n, #{}) end,
     fun() -> records:create(1, 2, 3, 4) end, fun() -> records:create(a, b, 3, 4) end,
     fun() -> records:create(a, b, 3, #{}) end, fun() -> records:create(a, b, 3, #{is_exported => 1}) end,
     fun() -> records:create(a, b, 3, #{is_exported => true}) end,
     fun() -> records:create(a, b, [{1, 2}], #{is_exported => true}) end,
     fun() -> records:create(a, b, [{x, 2}, {x, 3}], #{is_exported => true}) end,
     fun() -> records:create(a, b, [{x, 2} | z], #{is_exported => true}) end,
     fun() -> element(1, R) end, fun() -> map_size(id(R)) end, fun() -> tuple_size(id(R)) end,
     fun() -> (id(R))#_.zz end, fun() -> (id(R))#_.b end, fun() -> (id(Hidden))#_.a end,
     fun() -> (id(Hidden))#m:n.a end, fun() -> (id(R))#m:n.b end, fun() -> (id(R))#m:o.b end,
     fun() -> (id(R))#m:n{zz = 1} end, fun() -> (id(R))#m:n{b = 8} end, fun() -> (id(Hidden))#m:n{a = 8} end,
     fun() -> (id(R))#_{a = 5} end, fun() -> (id(Hidden))#_{a = 5} end, fun() -> (id(R))#_{qq = 5} end,
     fun() -> (id(1))#_{a = 5} end, fun() -> #nosuch:m{} end, fun() -> #native_record_terms:hidden{} end,
     fun() -> #native_record_terms:loc{} end, fun() -> #native_record_terms:loc{a = 7} end,
     fun() -> #native_record_terms:pt{zz = 1} end, fun() -> #loc{a = 1} end].

made(Fields) -> records:create(m, n, Fields, #{is_exported => true}).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
