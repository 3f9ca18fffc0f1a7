//! Passes and checks that start from the text of a function.

use beamrc_codegen::ssa::{Function, passes, verify};

fn parse(text: &str) -> Function {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Every kind of word that a text can have.
const WORDS: &str = r#"function 'Odd':'a b'/2 closure 1 {
b0(v0, v1) poll:
  v2 = bif erlang:'++'/2!(v0:cons|nil, lit {a,[1,2|b],<<"x">>,#-r:n{k = 1.5}}) @"a \"b\".erl":7
  v3:raw = matchleft(v1)
  v4 = updatetuple { arity: 3, positions: [0, 2] }(v0:tuple, -5, []) @9
  v5:f64 = floatof(v4:float|integer[-3..]/8)
  v6 = fun m:'-f/0-fun-0-'/2 free 1 index 3 uniq 77.000102030405060708090a0b0c0d0eff(v2)
  v7 = rt bs_create?(plan (Integer f3 u1 #1 x, String f0 u8 #2 3 [102, 111, 111], Binary f0 u8 #3 all), #0, v6)
  setelement(1)(v4, 'true')
  invoke v8 = callfun!(v6, mfa m:f/0, bytes [1, 255]) then b1(v8) catch b2
b1(v9):
  switch (v9:atom) 'it\'s' -> b2, 12 -> b3(v9, #-1), else b4
b2() poll:
  if rawmultiple(8)(v3) then b3(1.5, 0) else b5
b3(v10, v11:raw):
  tail call lists:map/2!(v6, v10) @"a \"b\".erl":8
b4():
  raise rt raise_badmatch!(v9) catch b2
b6():
  if same(v2, v4) then b4 else b4
}
"#;

#[test]
fn texts_read_back() {
    assert_eq!(parse(WORDS).to_string(), WORDS);
    let spaced = WORDS.replace(' ', "  ").replace("->  ", "->\n % a comment\n ");
    assert_eq!(
        parse(&spaced.replace("a  \\\"b", "a \\\"b").replace("a  b", "a b")).to_string(),
        WORDS
    );
}

#[test]
fn errors_name_the_line() {
    for (from, to, error) in [
        ("erlang:'++'/2", "erlang:plus/2", "line 3: there is no BIF erlang:plus/2"),
        ("rt bs_create", "rt bs_make", "line 8: the runtime has no entry beamrc_bs_make"),
        ("matchleft", "matchright", "line 4: there is no operation matchright"),
        ("same(v2", "similar(v2", "line 20: there is no test similar"),
        ("cons|nil", "cons|none", "line 3: there is no type none"),
        ("b3(v10", "b1(v10", "line 15: b1 is out of order"),
        ("}\n", "} x", "line 21: more text behind the function"),
    ] {
        let (before, after) = WORDS.rsplit_once(from).expect("a word of the text");
        let result = format!("{before}{to}{after}").parse::<Function>();
        assert_eq!(result.map(|f| f.to_string()), Err(error.to_owned()));
    }
}

#[test]
fn passes_remove_what_is_unused_and_number_by_use() {
    let mut f = parse(
        r#"function m:f/1 {
b0(v0) poll:
  v1 = cons(lit {gone}, [])
  v2 = tuple(lit {a}, lit {b}) @"m.erl":3
  jump b2(v2, v1)
b1(v3):
  return v3
b2(v4, v5):
  v6 = tuple(v4, lit {b}) @"m.erl":2
  return v6
}"#,
    );
    passes::run(&mut f).expect("a sound function");
    let expected = r#"function m:f/1 {
b0(v0) poll:
  v2 = tuple(lit {a}, lit {b}) @"m.erl":3
  jump b2(v2)
b2(v4):
  v6 = tuple(v4, lit {b}) @"m.erl":2
  return v6
}
"#;
    assert_eq!(f.to_string(), expected);
    assert_eq!(format!("{:?}", f.literals), "[{a}, {b}]");
    let lines: Vec<u32> = f.locations.iter().map(|location| location.line).collect();
    assert_eq!(lines, [0, 3, 2]);
}

#[test]
fn the_verifier_refuses_what_does_not_hold() {
    for (body, error) in [
        ("return v1", "v1 is not defined in b0"),
        ("v1 = tuple(v2)\n v2 = tuple()\n return v1", "v2 does not reach its use in b0"),
        ("v0 = tuple()\n return v0", "v0 is defined twice, in b0 too"),
        ("jump b1(v0)\n b1(): return []", "b0 passes 1 arguments to b1 of 0"),
        (
            "if isnil(v0) then b1 else b2\n b1(): v1 = tuple()\n jump b3\n b2(): jump b3\n b3(): return v1",
            "v1 does not reach its use in b3",
        ),
        (
            "invoke v1 = tuple() then b1 catch b1\n b1(): return []",
            "invoke of what cannot throw in b0",
        ),
        (
            "invoke v1 = callfun!(v0) then b2 catch b1\n b1(): return v1\n b2(): return v1",
            "v1 does not reach its use in b1",
        ),
    ] {
        let f = parse(&format!("function m:f/1 {{ b0(v0): {body} }}"));
        assert_eq!(verify(&f), Err(error.to_owned()), "{body}");
    }
}

/// A loop that boxes a float for its next round, and gets its first one from elsewhere.
#[test]
fn floats_of_a_loop_are_unboxed() {
    let mut f = parse(
        r#"function m:f/2 {
b0(v0, v1):
  jump b1(v0, v1)
b1(v2, v3) poll:
  if same(v2:integer[0..9], 0) then b2 else b3
b2():
  return v2
b3():
  v4:f64 = floatof(v3:float)
  v5:f64 = floatarith(mul)!(v4, 2.0)
  v6 = floatbox(v5)
  v7 = arith(add)?(v6:float, lit 1.0)
  if isvalue(v7) then b4 else b2
b4():
  if less(v7:float, lit 9.0) then b5 else b2
b5():
  v8 = arith(sub)!(v2:integer[1..9], 1)
  jump b1(v8, v6)
}"#,
    );
    passes::run(&mut f).expect("a sound function");
    let expected = r#"function m:f/2 {
b0(v0, v1):
  v12:f64 = floatorzero(v1)
  jump b1(v0, v12)
b1(v2, v3:f64) poll:
  if same(v2:integer[0..9], 0) then b2 else b3
b2():
  return v2
b3():
  v5:f64 = floatarith(mul)!(v3, 2.0)
  v10:f64 = floatarith(add)(v5, 1.0)
  if isfinite(v10) then b4 else b2
b4():
  if floatless(v10, 9.0) then b5 else b2
b5():
  v8 = arith(sub)!(v2:integer[1..9], 1)
  jump b1(v8, v5)
}
"#;
    assert_eq!(f.to_string(), expected);
}

#[test]
fn a_trace_is_taken_where_it_is_needed() {
    let handler = |middle: &str| {
        format!(
            r#"function m:f/1 {{
b0(v0) poll:
  invoke v1 = callfun!(v0) then b1 catch b2
b1():
  return v1
b2():
  v2 = rt landing_class()
  v3 = rt landing_reason()
{middle}b4():
  return v3
}}
"#
        )
    };
    let early = "  v4 = rt landing_trace()\n";
    let cases = "  switch (v2) 'throw' -> b4, else b3\n";
    let again = "b3():\n  raise rt reraise!(v4, v3)\n";
    let mut f = parse(&handler(&format!("{early}{cases}{again}")));
    passes::run(&mut f).expect("a sound function");
    let late = "b3():\n  v5 = rt landing_trace()\n  raise rt reraise!(v5, v3)\n";
    assert_eq!(f.to_string(), handler(&format!("{cases}{late}")));
    // What comes between may fail, and then another exception is noted.
    let call = "b3():\n  v5 = call m:g/0!()\n  raise rt reraise!(v4, v3)\n";
    let text = handler(&format!("{early}{cases}{call}"));
    let mut f = parse(&text);
    passes::run(&mut f).expect("a sound function");
    assert_eq!(f.to_string(), text);
}

/// Tests behind one that dominates them share its look at the type; one beside it does not.
#[test]
fn comparisons_with_constants_share_an_order_word() {
    let function = |first: &str, last: [&str; 2]| {
        let [second, alone] = last;
        format!(
            r#"function m:f/2 {{
b0(v0, v1):
  if iscons(v1) then b1 else b5
b1():
{first}b2():
  if {second} then b3 else b4
b3():
  return 'digit'
b4():
  return 'other'
b5():
  if {alone} then b3 else b4
}}
"#
        )
    };
    let mut f =
        parse(&function("  if less(v0, 48) then b4 else b2\n", ["less(57, v0)", "equal(v0, 10)"]));
    passes::run(&mut f).expect("a sound function");
    let expected = function(
        "  v2:raw = orderword(v0)\n  if rawless(v2, #384) then b4 else b2\n",
        ["rawless(#456, v2)", "equal(v0, 10)"],
    );
    assert_eq!(f.to_string(), expected);
    // What is known to be small needs none, and the least integer has nothing below it.
    let small = "  if less(v0:integer[0..99], 48) then b4 else b2\n";
    for second in ["less(57, v0:integer[0..99])", "less(v0, -1152921504606846976)"] {
        let text = function(small, [second, "equal(v0, 10)"]);
        let mut f = parse(&text);
        passes::run(&mut f).expect("a sound function");
        assert_eq!(f.to_string(), text);
    }
}
