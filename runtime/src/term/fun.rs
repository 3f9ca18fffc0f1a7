//! What closures and `fun M:F/A` refer to.

use super::{Kind, Term};
use beamrc_abi::program::{Export, Lambda};
use beamrc_abi::term::layout;

/// What all closures made where this one was made share; nothing if the term is no closure.
pub fn lambda(term: Term) -> Option<&'static Lambda> {
    let words = term.is_kind(Kind::Fun).then(|| term.words())?;
    // SAFETY: I4 and I5: a closure's second word is the address of a static `Lambda`.
    Some(unsafe { &*(words[layout::FUN_META] as *const Lambda) })
}

/// What a `fun M:F/A` stands for; nothing if the term is none.
pub fn export(term: Term) -> Option<&'static Export> {
    let words = term.is_kind(Kind::ExportFun).then(|| term.words())?;
    // SAFETY: I4 and I5: its second word is the address of a static `Export`.
    Some(unsafe { &*(words[layout::FUN_META] as *const Export) })
}

/// The values that a closure took with it.
pub fn environment(term: &Term) -> &[Term] {
    debug_assert!(term.is_kind(Kind::Fun));
    &term.term_words()[layout::FUN_ENV..]
}

/// What makes two closures of different code the same fun: where they were made.
pub fn same_lambda(a: &Lambda, b: &Lambda) -> bool {
    core::ptr::eq(a, b)
        || (a.module, a.index, a.old_uniq, a.name) == (b.module, b.index, b.old_uniq, b.name)
}
