//! What processes see of tables.

use super::*;
use crate::term::{build, list, print};

fn text(result: Result) -> String {
    match result {
        Ok(term) => print::to_text(term),
        Err(exception) if exception.cause.is_value() => {
            format!(
                "{} because {}",
                print::to_text(exception.reason),
                print::to_text(exception.cause)
            )
        }
        Err(exception) => print::to_text(exception.reason),
    }
}
fn parse(p: &mut Process, text: &str) -> Term {
    crate::bifs::golden::parse(p, text)
}
fn table(p: &mut Process, options: &str) -> Term {
    let options = parse(p, options);
    let name = parse(p, "a_table");
    new_2(p, name, options).ok().expect("good options")
}

#[test]
fn pages_and_the_order_of_results() {
    let p = &mut *Process::for_tests();
    for options in ["[]", "[ordered_set]", "[{write_concurrency,true}]"] {
        let table = table(p, options);
        for i in 0..100 {
            let object = build::tuple(p, &[Term::small(i), Term::small(i % 7)]);
            assert_eq!(text(insert_2(p, table, object)), "true");
        }
        let spec = parse(p, "[{{'$1','$2'},[{'>','$2',2}],['$1']}]");
        let whole = select_2(p, table, spec).ok().expect("a good specification");
        let count = list::length(whole).expect("a list");
        let mut pages = 0;
        let mut last = select_3(p, table, spec, Term::small(7)).ok().expect("good arguments");
        let mut seen = Vec::new();
        while let Some(&[page, continuation]) = last.as_tuple() {
            pages += 1;
            seen.extend(page.list());
            last = select_1(p, continuation).ok().expect("a good continuation");
        }
        assert_eq!(print::to_text(last), "'$end_of_table'");
        assert!(pages >= count / 7, "{pages} pages");
        let sorted = |mut terms: Vec<Term>| {
            terms.sort_by_key(|t| t.as_small());
            terms
        };
        assert!(sorted(seen) == sorted(whole.list().collect()));
    }
}

#[test]
fn a_table_that_is_gone_says_so() {
    let p = &mut *Process::for_tests();
    let table = table(p, "[]");
    let key = parse(p, "k");
    assert_eq!(text(delete_1(p, table)), "true");
    assert_eq!(text(lookup_2(p, table, key)), "badarg because id");
    assert_eq!(text(lookup_2(p, Term::NIL, key)), "badarg because type");
    assert_eq!(text(info_1(p, table)), "undefined");
}

#[test]
fn others_may_only_do_what_protection_allows() {
    let p = &mut *Process::for_tests();
    let object = parse(p, "{k,v}");
    let key = parse(p, "k");
    for (options, read, write) in [
        ("[private]", "badarg because access", "badarg because access"),
        ("[]", "[]", "badarg because access"),
        ("[public]", "[]", "true"),
    ] {
        let table = table(p, options);
        let stranger = &mut *Process::for_tests();
        stranger.id = Term::pid(2);
        assert_eq!(text(lookup_2(stranger, table, key)), read);
        assert_eq!(text(insert_2(stranger, table, object)), write);
    }
}

#[test]
fn an_owner_that_exits_takes_its_tables_along() {
    let p = &mut *Process::for_tests();
    p.id = Term::pid(77);
    let options = parse(p, "[named_table]");
    let name = parse(p, "gone_with_the_owner");
    assert!(new_2(p, name, options).is_ok());
    assert_eq!(text(new_2(p, name, options)), "badarg because already_exists");
    crate::ets::owner_exited(77);
    assert_eq!(text(whereis_1(p, name)), "undefined");
    assert!(new_2(p, name, options).is_ok());
}
