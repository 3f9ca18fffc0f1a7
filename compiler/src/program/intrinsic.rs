//! Functions of OTP that neither a module nor the runtime can provide, because they call code:
//! the compiler emits them.

macro_rules! intrinsics {
    ($($(#[$doc:meta])* $variant:ident $module:literal $function:literal $arity:literal;)*) => {
        /// A function that the compiler emits code of its own for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Intrinsic { $($(#[$doc])* $variant,)* }

        impl Intrinsic {
            /// All of them.
            pub const ALL: &'static [Intrinsic] = &[$(Intrinsic::$variant),*];

            /// Module, function and arity.
            pub fn name(self) -> (&'static str, &'static str, u32) {
                match self { $(Intrinsic::$variant => ($module, $function, $arity),)* }
            }

            /// The one of this name.
            pub fn named(module: &str, function: &str, arity: u32) -> Option<Intrinsic> {
                match (module, function, arity) {
                    $(($module, $function, $arity) => Some(Intrinsic::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

intrinsics! {
    /// `apply(Fun, Args)`.
    Apply2 "erlang" "apply" 2;
    /// `apply(Module, Function, Args)`.
    Apply3 "erlang" "apply" 3;
    /// `hibernate(Module, Function, Args)`.
    Hibernate3 "erlang" "hibernate" 3;
}
