//! Newtyped indices into the tables of a module.
//!
//! All count from 0 and were checked against their table when the module was read, except
//! `Label`, whose 0 means "no label". This file must not know what the tables hold.

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// For indexing a slice.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// Into `Module::atoms`.
    AtomIdx;
    /// Into `Module::imports`.
    ImportIdx;
    /// Into `Module::lambdas`.
    LambdaIdx;
    /// Into `Module::literals`.
    LiteralIdx;
    /// Into `Module::types`.
    TypeIdx;
    /// Into `LineTable::locations`; 0 is the unknown location.
    LineIdx;
    /// Into `LineTable::files`; 0 is the module's own file.
    FileIdx;
    /// Into `Module::functions`.
    FunctionIdx;
    /// A label of the module. 0 is no label: in a `Fail` operand it says "raise instead".
    Label;
}

impl Label {
    /// The label 0 of a `Fail` operand.
    pub const NONE: Label = Label(0);

    /// Whether this is label 0.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}
