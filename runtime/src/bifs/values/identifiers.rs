//! Texts of pids, ports, references and funs, and back. This is the only node: its number is 0.

use super::string;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Kind, Term, View, build, print};

/// Bits of a pid's number; its serial stands above.
const PID_NUMBER_BITS: u32 = 28;
const MAX_PID_SERIAL: u64 = (1 << 32) - 1;
const MAX_PORT_NUMBER: u64 = (1 << 60) - 1;
/// Longer texts are none of these.
const MAX_TEXT: usize = 64;

fn text_of(p: &mut Process, term: Term, is: bool) -> Result {
    if is { Ok(string(p, &print::to_text(term))) } else { Err(badarg()) }
}
pub fn pid_to_list_1(p: &mut Process, pid: Term) -> Result {
    let is = matches!(pid.view(), View::Pid(_) | View::External { sort: 0, .. });
    text_of(p, pid, is)
}
pub fn port_to_list_1(p: &mut Process, port: Term) -> Result {
    let is = matches!(port.view(), View::Port(_) | View::External { sort: 1, .. });
    text_of(p, port, is)
}
pub fn ref_to_list_1(p: &mut Process, reference: Term) -> Result {
    let view = reference.view();
    let is = matches!(view, View::Ref(_) | View::External { sort: 2, .. });
    text_of(p, reference, is)
}
pub fn fun_to_list_1(p: &mut Process, fun: Term) -> Result {
    let is = matches!(fun.view(), View::Fun { .. } | View::ExportFun { .. });
    text_of(p, fun, is)
}

/// The numbers between `prefix` and `>`, separated by dots.
fn numbers<const N: usize>(characters: Term, prefix: &str) -> Option<[u64; N]> {
    let mut text = String::new();
    let mut rest = characters.list();
    for character in rest.by_ref().take(MAX_TEXT + 1) {
        text.push(char::from(u8::try_from(character.as_small()?).ok()?));
    }
    if text.len() > MAX_TEXT || !rest.tail().is_nil() {
        return None;
    }
    let inside = text.strip_prefix(prefix)?.strip_suffix('>')?;
    let mut numbers = [0; N];
    let mut parts = inside.split('.');
    for number in &mut numbers {
        let digits = parts.next()?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        *number = digits.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

pub fn list_to_pid_1(_p: &mut Process, characters: Term) -> Result {
    match numbers(characters, "<") {
        Some([0, number, serial]) if number >> PID_NUMBER_BITS == 0 && serial <= MAX_PID_SERIAL => {
            Ok(Term::pid(serial << PID_NUMBER_BITS | number))
        }
        _ => Err(badarg()),
    }
}
pub fn list_to_port_1(_p: &mut Process, characters: Term) -> Result {
    match numbers(characters, "#Port<") {
        Some([0, number]) if number <= MAX_PORT_NUMBER => Ok(Term::port(number)),
        _ => Err(badarg()),
    }
}
/// A reference of this number. What else the original knows (an alias, a resource) is not in its
/// text.
pub fn list_to_ref_1(p: &mut Process, characters: Term) -> Result {
    match numbers(characters, "#Ref<") {
        Some([0, 0, high, low]) if high >> 32 == 0 && low >> 32 == 0 => {
            Ok(build::object(p, Kind::Ref, 0, &[high << 32 | low, 0]))
        }
        _ => Err(badarg()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(p: &mut Process, result: Result) -> String {
        let characters = result.ok().expect("a text");
        let _ = p;
        characters.list().map(|c| char::from(c.as_small().expect("a character") as u8)).collect()
    }

    #[test]
    fn texts_lead_back() {
        let p = &mut *Process::for_tests();
        for known in ["<0.0.0>", "<0.4711.3>", "<0.268435455.1>"] {
            let characters = string(p, known);
            let pid = list_to_pid_1(p, characters).ok().expect("a pid");
            let shown = pid_to_list_1(p, pid);
            assert_eq!(text(p, shown), known);
        }
        for wrong in ["", "<0.1>", "<1.1.0>", "<0.268435456.0>", "<0.1.0", "<0.+1.0>", "<0..0>"] {
            let characters = string(p, wrong);
            assert!(list_to_pid_1(p, characters).is_err(), "{wrong}");
        }
        let characters = string(p, "#Port<0.5>");
        let port = list_to_port_1(p, characters).ok().expect("a port");
        let shown = port_to_list_1(p, port);
        assert_eq!(text(p, shown), "#Port<0.5>");
        let reference = build::object(p, Kind::Ref, 0, &[(7 << 32) + 9, 0]);
        let shown = ref_to_list_1(p, reference).ok().expect("a text");
        let back = list_to_ref_1(p, shown).ok().expect("a reference");
        assert_eq!(back.words()[0], (7 << 32) + 9);
    }
}
