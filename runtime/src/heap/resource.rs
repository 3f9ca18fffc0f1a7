//! Rust values that a magic reference keeps alive: shared by all who hold the reference, dropped
//! when the last collector finds it dead.

use super::binary::{Resource, magic_ref, resource_of};
use crate::term::{Alloc, Term};
use core::any::TypeId;
use core::ptr::NonNull;

/// Address that tells these resources from others.
static KIND: u8 = 0;

#[repr(C)]
struct Held<T> {
    head: Resource,
    type_id: TypeId,
    value: T,
}

/// # Safety
/// The resource is the head of a leaked `Box<Held<T>>` without references.
unsafe fn destroy<T>(resource: NonNull<Resource>) {
    // SAFETY: the caller's contract.
    drop(unsafe { Box::from_raw(resource.as_ptr().cast::<Held<T>>()) });
}

/// A reference with this unique number to a new value.
pub fn new<T: Send + Sync + 'static>(
    heap: &mut (impl Alloc + ?Sized),
    number: u64,
    value: T,
) -> Term {
    let held = Box::new(Held {
        head: Resource::new((&raw const KIND).cast(), destroy::<T>),
        type_id: TypeId::of::<T>(),
        value,
    });
    let resource = NonNull::from(Box::leak(held)).cast();
    magic_ref(heap, number, resource)
}

/// The value behind a reference, if it is one of this type.
#[inline]
pub fn get<T: Send + Sync + 'static>(reference: &Term) -> Option<&T> {
    let resource = resource_of(*reference)?;
    // SAFETY: I5: a magic reference keeps its resource alive, and I1 keeps the reference; the kind
    // says that it is the head of a `Held`, whose type is checked before its value is looked at.
    unsafe {
        if resource.as_ref().kind != (&raw const KIND).cast() {
            return None;
        }
        let held = resource.cast::<Held<T>>();
        let type_id = *(&raw const (*held.as_ptr()).type_id);
        (type_id == TypeId::of::<T>()).then(|| &(*held.as_ptr()).value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;

    #[test]
    fn only_the_right_type_is_given_out() {
        let p = &mut *Process::for_tests();
        let number = new(p, 1, 17u64);
        assert_eq!(get::<u64>(&number), Some(&17));
        assert_eq!(get::<u32>(&number), None);
        assert_eq!(get::<u64>(&Term::NIL), None);
    }
}
