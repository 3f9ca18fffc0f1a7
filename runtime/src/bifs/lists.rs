//! Natives of module `lists`.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, build};

pub fn reverse_2(p: &mut Process, list: Term, tail: Term) -> Result {
    let mut result = tail;
    let mut elements = list.list();
    let mut count = 0;
    for head in elements.by_ref() {
        result = build::cons(p, head, result);
        count += 1;
    }
    p.charge(count / 16);
    if elements.tail().is_nil() {
        Ok(result)
    } else {
        Err(badarg())
    }
}
