//! The generic opcodes of OTP 25 to 29: one table, one row for each.
//!
//! A row states number, name, status, operands and meaning. From the rows come `enum Op`,
//! names, arities, the kinds the decoder checks and converts, and what the printer writes.
//! Invariant: an `Op` in a decoded instruction is never `Obsolete`, and its operands have
//! the kinds of its row. This file must not know how operands are encoded.

/// Whether a compiler of OTP 25 to 29 emits an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Some compiler of these releases emits it, if only under an option such as `r24`.
    Emitted,
    /// None does; the loaders of these releases reject it, and so does the reader.
    Obsolete,
}

/// What an operand of an opcode may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// The label defined here: `Operand::Label`.
    Label,
    /// Where to go on failure; label 0 stands for raising an exception.
    Fail,
    /// A label inside the same function, never 0.
    To,
    /// The entry label of a function of this module.
    Callee,
    /// `Fail`, or one of the atoms `no_fail` and `resume`.
    FailOrAtom,
    /// A term: register, typed register, atom, integer, nil or literal.
    Src,
    /// An X or Y register.
    Dst,
    /// A term or a float register.
    FloatSrc,
    /// An X, Y or float register.
    FloatDst,
    /// A float register.
    FloatReg,
    /// A plain number: `Operand::Unsigned`.
    N,
    /// A plain number or a term.
    Size,
    /// Heap need: `Operand::Unsigned` words or `Operand::Alloc`.
    Heap,
    /// `Operand::Import`.
    Import,
    /// `Operand::Lambda`.
    Lambda,
    /// `Operand::Lambda`, or one of the atoms `safe` and `unsafe`.
    FunTag,
    /// `Operand::Line`.
    Line,
    /// `Operand::Atom`.
    Atom,
    /// A list of terms.
    Terms,
    /// A list of Y registers.
    YRegs,
    /// A list of pairs: an atom, integer or literal, and a label.
    Cases,
    /// A list of pairs: a plain number and a label.
    ArityCases,
    /// A list of pairs of terms.
    KeyValues,
    /// A list of pairs: a term and the register that takes what is found there.
    KeyDsts,
    /// A list of pairs: a position counted from 1 as a plain number, and a term.
    PositionValues,
    /// The segments of `bs_create_bin`: type, number, unit, flags, value, size. The type is an
    /// atom, flags are nil or a literal; the value of a `string` is an offset into the strings.
    Segments,
    /// The commands of `bs_match`: the atom of each and its operands, see `command_operands`.
    Commands,
    /// Whatever decodes.
    Any,
}

impl OperandKind {
    /// Whether it takes an `Operand::List`.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            OperandKind::Terms
                | OperandKind::YRegs
                | OperandKind::Cases
                | OperandKind::ArityCases
                | OperandKind::KeyValues
                | OperandKind::KeyDsts
                | OperandKind::PositionValues
                | OperandKind::Segments
                | OperandKind::Commands
        )
    }
}

/// One operand of an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperandSpec {
    /// What the operand is for.
    pub name: &'static str,
    /// What it may be.
    pub kind: OperandKind,
}

/// Everything known of an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpInfo {
    /// The byte in the code chunk.
    pub number: u8,
    /// OTP's name.
    pub name: &'static str,
    /// Whether files may contain it.
    pub status: Status,
    /// The operands in order.
    pub operands: &'static [OperandSpec],
    /// What it does, in one sentence.
    pub doc: &'static str,
}

macro_rules! opcodes {
    ($($number:literal $variant:ident $name:literal $status:ident
       [$($field:ident: $kind:ident),*] $doc:literal;)*) => {
        /// A generic opcode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op { $(#[doc = $doc] $variant = $number,)* }

        impl Op {
            /// Every opcode, in the order of their numbers.
            pub const ALL: &'static [Op] = &[$(Op::$variant),*];

            /// The row of the table.
            pub fn info(self) -> &'static OpInfo {
                match self {
                    $(Op::$variant => const { &OpInfo {
                        number: $number,
                        name: $name,
                        status: Status::$status,
                        operands: &[$(OperandSpec {
                            name: stringify!($field),
                            kind: OperandKind::$kind,
                        }),*],
                        doc: $doc,
                    } },)*
                }
            }

            /// The opcode with this number, if there is one.
            pub fn from_number(number: u8) -> Option<Op> {
                match number { $($number => Some(Op::$variant),)* _ => None }
            }

            /// The opcode with this name, if there is one.
            pub fn from_name(name: &str) -> Option<Op> {
                match name { $($name => Some(Op::$variant),)* _ => None }
            }
        }
    };
}

impl Op {
    /// OTP's name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// How many operands it has.
    pub fn arity(self) -> usize {
        self.info().operands.len()
    }
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

opcodes! {
      1 Label "label" Emitted [lbl: Label] "Defines a label of the module and begins a basic block.";
      2 FuncInfo "func_info" Emitted [module: Atom, function: Atom, arity: N] "Raises `function_clause` for this function; marks where a function begins.";
      3 IntCodeEnd "int_code_end" Emitted [] "Ends the code of the module.";
      4 Call "call" Emitted [arity: N, callee: Callee] "Calls a function of this module.";
      5 CallLast "call_last" Emitted [arity: N, callee: Callee, frame: N] "Gives the frame back and jumps to a function of this module.";
      6 CallOnly "call_only" Emitted [arity: N, callee: Callee] "Jumps to a function of this module from code without a frame.";
      7 CallExt "call_ext" Emitted [arity: N, callee: Import] "Calls an imported function.";
      8 CallExtLast "call_ext_last" Emitted [arity: N, callee: Import, frame: N] "Gives the frame back and jumps to an imported function.";
      9 Bif0 "bif0" Emitted [bif: Import, dst: Dst] "Calls a BIF without arguments that cannot fail.";
     10 Bif1 "bif1" Emitted [fail: Fail, bif: Import, arg: Src, dst: Dst] "Calls a guard BIF that allocates nothing.";
     11 Bif2 "bif2" Emitted [fail: Fail, bif: Import, arg1: Src, arg2: Src, dst: Dst] "Calls a guard BIF of two arguments that allocates nothing.";
     12 Allocate "allocate" Emitted [frame: N, live: N] "Makes a frame.";
     13 AllocateHeap "allocate_heap" Emitted [frame: N, heap: Heap, live: N] "Makes a frame and reserves heap.";
     14 AllocateZero "allocate_zero" Obsolete [frame: N, live: N] "Makes a frame of nils.";
     15 AllocateHeapZero "allocate_heap_zero" Obsolete [frame: N, heap: Heap, live: N] "Makes a frame of nils and reserves heap.";
     16 TestHeap "test_heap" Emitted [heap: Heap, live: N] "Reserves heap; `live` X registers survive a collection.";
     17 Init "init" Obsolete [dst: Dst] "Sets one Y register to nil.";
     18 Deallocate "deallocate" Emitted [frame: N] "Gives the frame back.";
     19 Return "return" Emitted [] "Returns x0 to the caller.";
     20 Send "send" Emitted [] "Sends x1 to the process in x0; x0 becomes the message.";
     21 RemoveMessage "remove_message" Emitted [] "Takes the current message out of the mailbox and cancels the timeout.";
     22 Timeout "timeout" Emitted [] "Ends a receive by its timeout: the mailbox is scanned from its start next time.";
     23 LoopRec "loop_rec" Emitted [empty: To, dst: Dst] "Fetches the current message of a receive, or jumps when none is left.";
     24 LoopRecEnd "loop_rec_end" Emitted [again: To] "Skips the current message and goes on with the next.";
     25 Wait "wait" Emitted [again: To] "Suspends the process until a message arrives.";
     26 WaitTimeout "wait_timeout" Emitted [again: To, time: Src] "Suspends the process until a message arrives or the time has passed.";
     27 MPlus "m_plus" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Adds.";
     28 MMinus "m_minus" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Subtracts.";
     29 MTimes "m_times" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Multiplies.";
     30 MDiv "m_div" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Divides.";
     31 IntDiv "int_div" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Divides integers.";
     32 IntRem "int_rem" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Remainder of integers.";
     33 IntBand "int_band" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Bitwise and.";
     34 IntBor "int_bor" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Bitwise or.";
     35 IntBxor "int_bxor" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Bitwise exclusive or.";
     36 IntBsl "int_bsl" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Shifts left.";
     37 IntBsr "int_bsr" Obsolete [fail: Fail, arg1: Src, arg2: Src, dst: Dst] "Shifts right.";
     38 IntBnot "int_bnot" Obsolete [fail: Fail, arg: Src, dst: Dst] "Bitwise complement.";
     39 IsLt "is_lt" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 < arg2`.";
     40 IsGe "is_ge" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 >= arg2`.";
     41 IsEq "is_eq" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 == arg2`.";
     42 IsNe "is_ne" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 /= arg2`.";
     43 IsEqExact "is_eq_exact" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 =:= arg2`.";
     44 IsNeExact "is_ne_exact" Emitted [fail: To, arg1: Src, arg2: Src] "Goes on if `arg1 =/= arg2`.";
     45 IsInteger "is_integer" Emitted [fail: To, arg: Src] "Goes on if the term is an integer.";
     46 IsFloat "is_float" Emitted [fail: To, arg: Src] "Goes on if the term is a float.";
     47 IsNumber "is_number" Emitted [fail: To, arg: Src] "Goes on if the term is a number.";
     48 IsAtom "is_atom" Emitted [fail: To, arg: Src] "Goes on if the term is an atom.";
     49 IsPid "is_pid" Emitted [fail: To, arg: Src] "Goes on if the term is a pid.";
     50 IsReference "is_reference" Emitted [fail: To, arg: Src] "Goes on if the term is a reference.";
     51 IsPort "is_port" Emitted [fail: To, arg: Src] "Goes on if the term is a port.";
     52 IsNil "is_nil" Emitted [fail: To, arg: Src] "Goes on if the term is the empty list.";
     53 IsBinary "is_binary" Emitted [fail: To, arg: Src] "Goes on if the term is a binary.";
     54 IsConstant "is_constant" Obsolete [fail: To, arg: Src] "Goes on if the term is a constant.";
     55 IsList "is_list" Emitted [fail: To, arg: Src] "Goes on if the term is a cons cell or the empty list.";
     56 IsNonemptyList "is_nonempty_list" Emitted [fail: To, arg: Src] "Goes on if the term is a cons cell.";
     57 IsTuple "is_tuple" Emitted [fail: To, arg: Src] "Goes on if the term is a tuple.";
     58 TestArity "test_arity" Emitted [fail: To, tuple: Src, arity: N] "Goes on if the tuple has this arity.";
     59 SelectVal "select_val" Emitted [arg: Src, fail: Fail, cases: Cases] "Jumps by value: pairs of value and label.";
     60 SelectTupleArity "select_tuple_arity" Emitted [tuple: Src, fail: Fail, cases: ArityCases] "Jumps by the arity of a tuple: pairs of arity and label.";
     61 Jump "jump" Emitted [to: To] "Jumps.";
     62 Catch "catch" Emitted [dst: Dst, handler: To] "Enters a `catch`; the Y register marks it on the stack.";
     63 CatchEnd "catch_end" Emitted [dst: Dst] "Leaves a `catch`, normally or with the exception as a value in x0.";
     64 Move "move" Emitted [src: Src, dst: Dst] "Copies a value.";
     65 GetList "get_list" Emitted [list: Src, head: Dst, tail: Dst] "Takes a cons cell apart.";
     66 GetTupleElement "get_tuple_element" Emitted [tuple: Src, index: N, dst: Dst] "Fetches an element, counted from 0.";
     67 SetTupleElement "set_tuple_element" Emitted [value: Src, tuple: Src, index: N] "Overwrites an element of a tuple that `setelement/3` just copied.";
     68 PutString "put_string" Obsolete [length: N, string: N, dst: Dst] "Builds a list of characters.";
     69 PutList "put_list" Emitted [head: Src, tail: Src, dst: Dst] "Builds a cons cell.";
     70 PutTuple "put_tuple" Obsolete [arity: N, dst: Dst] "Begins a tuple.";
     71 Put "put" Obsolete [src: Src] "Adds an element to the tuple begun last.";
     72 Badmatch "badmatch" Emitted [arg: Src] "Raises `{badmatch,Arg}`.";
     73 IfEnd "if_end" Emitted [] "Raises `if_clause`.";
     74 CaseEnd "case_end" Emitted [arg: Src] "Raises `{case_clause,Arg}`.";
     75 CallFun "call_fun" Emitted [arity: N] "Calls the fun in the X register after its arguments.";
     76 MakeFun "make_fun" Obsolete [lambda: N, old_uniq: N, free: N] "Builds a fun.";
     77 IsFunction "is_function" Emitted [fail: To, arg: Src] "Goes on if the term is a fun.";
     78 CallExtOnly "call_ext_only" Emitted [arity: N, callee: Import] "Jumps to an imported function from code without a frame.";
     79 BsStartMatch "bs_start_match" Obsolete [fail: To, arg: Src] "Begins matching a binary.";
     80 BsGetInteger "bs_get_integer" Obsolete [fail: To, size: Any, unit: N, flags: N, dst: Dst] "Matches an integer.";
     81 BsGetFloat "bs_get_float" Obsolete [fail: To, size: Any, unit: N, flags: N, dst: Dst] "Matches a float.";
     82 BsGetBinary "bs_get_binary" Obsolete [fail: To, size: Any, unit: N, flags: N, dst: Dst] "Matches a binary.";
     83 BsSkipBits "bs_skip_bits" Obsolete [fail: To, size: Any, unit: N, flags: N] "Skips bits.";
     84 BsTestTail "bs_test_tail" Obsolete [fail: To, bits: N] "Tests how many bits are left.";
     85 BsSave "bs_save" Obsolete [index: N] "Saves the position.";
     86 BsRestore "bs_restore" Obsolete [index: N] "Restores the position.";
     87 BsInit "bs_init" Obsolete [size: N, flags: N] "Begins a binary.";
     88 BsFinal "bs_final" Obsolete [fail: Fail, dst: Dst] "Finishes a binary.";
     89 BsPutInteger "bs_put_integer" Emitted [fail: Fail, size: Src, unit: N, flags: N, src: Src] "Appends an integer to the binary being built.";
     90 BsPutBinary "bs_put_binary" Emitted [fail: Fail, size: Src, unit: N, flags: N, src: Src] "Appends a bitstring to the binary being built.";
     91 BsPutFloat "bs_put_float" Emitted [fail: Fail, size: Src, unit: N, flags: N, src: Src] "Appends a float to the binary being built.";
     92 BsPutString "bs_put_string" Emitted [size_bytes: N, offset: N] "Appends bytes of the string table to the binary being built.";
     93 BsNeedBuf "bs_need_buf" Obsolete [bits: N] "Reserves a buffer.";
     94 Fclearerror "fclearerror" Obsolete [] "Clears the floating point error flag.";
     95 Fcheckerror "fcheckerror" Obsolete [fail: Fail] "Tests the floating point error flag.";
     96 Fmove "fmove" Emitted [src: FloatSrc, dst: FloatDst] "Moves a float between a term and a float register.";
     97 Fconv "fconv" Emitted [src: FloatSrc, dst: FloatDst] "Converts a number to a float in a float register.";
     98 Fadd "fadd" Emitted [fail: Fail, arg1: FloatReg, arg2: FloatReg, dst: FloatReg] "Adds float registers.";
     99 Fsub "fsub" Emitted [fail: Fail, arg1: FloatReg, arg2: FloatReg, dst: FloatReg] "Subtracts float registers.";
    100 Fmul "fmul" Emitted [fail: Fail, arg1: FloatReg, arg2: FloatReg, dst: FloatReg] "Multiplies float registers.";
    101 Fdiv "fdiv" Emitted [fail: Fail, arg1: FloatReg, arg2: FloatReg, dst: FloatReg] "Divides float registers.";
    102 Fnegate "fnegate" Emitted [fail: Fail, arg: FloatReg, dst: FloatReg] "Negates a float register.";
    103 MakeFun2 "make_fun2" Obsolete [lambda: Lambda] "Builds a fun from x0 and up.";
    104 Try "try" Emitted [dst: Dst, handler: To] "Enters a `try`; the Y register marks it on the stack.";
    105 TryEnd "try_end" Emitted [dst: Dst] "Leaves a `try` without an exception.";
    106 TryCase "try_case" Emitted [dst: Dst] "Begins the handler: x0 to x2 hold class, reason and raw stack trace.";
    107 TryCaseEnd "try_case_end" Emitted [arg: Src] "Raises `{try_clause,Arg}`.";
    108 Raise "raise" Emitted [stacktrace: Src, reason: Src] "Raises again with the class that the raw stack trace remembers.";
    109 BsInit2 "bs_init2" Emitted [fail: Fail, size: Size, heap: Heap, live: N, flags: N, dst: Dst] "Begins a binary of a size in bytes.";
    110 BsBitsToBytes "bs_bits_to_bytes" Obsolete [fail: Fail, src: Src, dst: Dst] "Converts a number of bits to bytes.";
    111 BsAdd "bs_add" Emitted [fail: Fail, arg1: Size, arg2: Size, unit: N, dst: Dst] "Computes `arg1 + arg2 * unit` for the size of a binary.";
    112 Apply "apply" Emitted [arity: N] "Calls the function named by the two X registers after the arguments.";
    113 ApplyLast "apply_last" Emitted [arity: N, frame: N] "Gives the frame back and jumps to the function named by two X registers.";
    114 IsBoolean "is_boolean" Emitted [fail: To, arg: Src] "Goes on if the term is `true` or `false`.";
    115 IsFunction2 "is_function2" Emitted [fail: To, arg: Src, arity: Src] "Goes on if the term is a fun of this arity.";
    116 BsStartMatch2 "bs_start_match2" Obsolete [fail: To, arg: Src, live: N, slots: N, dst: Dst] "Begins matching a binary.";
    117 BsGetInteger2 "bs_get_integer2" Emitted [fail: To, ctx: Src, live: N, size: Src, unit: N, flags: N, dst: Dst] "Matches an integer.";
    118 BsGetFloat2 "bs_get_float2" Emitted [fail: To, ctx: Src, live: N, size: Src, unit: N, flags: N, dst: Dst] "Matches a float.";
    119 BsGetBinary2 "bs_get_binary2" Emitted [fail: To, ctx: Src, live: N, size: Src, unit: N, flags: N, dst: Dst] "Matches a bitstring; the size may be the atom `all`.";
    120 BsSkipBits2 "bs_skip_bits2" Emitted [fail: To, ctx: Src, size: Src, unit: N, flags: N] "Skips `size * unit` bits.";
    121 BsTestTail2 "bs_test_tail2" Emitted [fail: To, ctx: Src, bits: N] "Goes on if exactly this many bits are left.";
    122 BsSave2 "bs_save2" Obsolete [ctx: Src, slot: Any] "Saves the position in a slot of the match context.";
    123 BsRestore2 "bs_restore2" Obsolete [ctx: Src, slot: Any] "Restores the position from a slot of the match context.";
    124 GcBif1 "gc_bif1" Emitted [fail: Fail, live: N, bif: Import, arg: Src, dst: Dst] "Calls a guard BIF that may collect.";
    125 GcBif2 "gc_bif2" Emitted [fail: Fail, live: N, bif: Import, arg1: Src, arg2: Src, dst: Dst] "Calls a guard BIF of two arguments that may collect.";
    126 BsFinal2 "bs_final2" Obsolete [fail: Any, dst: Any] "Finishes a binary.";
    127 BsBitsToBytes2 "bs_bits_to_bytes2" Obsolete [src: Any, dst: Any] "Converts a number of bits to bytes.";
    128 PutLiteral "put_literal" Obsolete [literal: Any, dst: Dst] "Moves a literal.";
    129 IsBitstr "is_bitstr" Emitted [fail: To, arg: Src] "Goes on if the term is a bitstring.";
    130 BsContextToBinary "bs_context_to_binary" Obsolete [ctx: Src] "Turns a match context back into a binary.";
    131 BsTestUnit "bs_test_unit" Emitted [fail: To, ctx: Src, unit: N] "Goes on if the bits that are left are a multiple of the unit.";
    132 BsMatchString "bs_match_string" Emitted [fail: To, ctx: Src, bits: N, offset: N] "Matches bits of the string table.";
    133 BsInitWritable "bs_init_writable" Emitted [] "Makes an empty writable binary with the capacity in x0.";
    134 BsAppend "bs_append" Emitted [fail: Fail, size: Size, extra: N, live: N, unit: N, bin: Src, flags: N, dst: Dst] "Begins appending to a binary.";
    135 BsPrivateAppend "bs_private_append" Emitted [fail: Fail, size: Size, unit: N, bin: Src, flags: N, dst: Dst] "Begins appending to a binary that nobody else sees.";
    136 Trim "trim" Emitted [words: N, remaining: N] "Drops Y registers from the top of the frame.";
    137 BsInitBits "bs_init_bits" Emitted [fail: Fail, size: Size, heap: Heap, live: N, flags: N, dst: Dst] "Begins a bitstring of a size in bits.";
    138 BsGetUtf8 "bs_get_utf8" Emitted [fail: To, ctx: Src, live: N, flags: N, dst: Dst] "Matches a character in UTF-8.";
    139 BsSkipUtf8 "bs_skip_utf8" Emitted [fail: To, ctx: Src, live: N, flags: N] "Skips a character in UTF-8.";
    140 BsGetUtf16 "bs_get_utf16" Emitted [fail: To, ctx: Src, live: N, flags: N, dst: Dst] "Matches a character in UTF-16.";
    141 BsSkipUtf16 "bs_skip_utf16" Emitted [fail: To, ctx: Src, live: N, flags: N] "Skips a character in UTF-16.";
    142 BsGetUtf32 "bs_get_utf32" Emitted [fail: To, ctx: Src, live: N, flags: N, dst: Dst] "Matches a character in UTF-32.";
    143 BsSkipUtf32 "bs_skip_utf32" Emitted [fail: To, ctx: Src, live: N, flags: N] "Skips a character in UTF-32.";
    144 BsUtf8Size "bs_utf8_size" Emitted [fail: Fail, src: Src, dst: Dst] "Size of a character in UTF-8, in bytes.";
    145 BsPutUtf8 "bs_put_utf8" Emitted [fail: Fail, flags: N, src: Src] "Appends a character in UTF-8 to the binary being built.";
    146 BsUtf16Size "bs_utf16_size" Emitted [fail: Fail, src: Src, dst: Dst] "Size of a character in UTF-16, in bytes.";
    147 BsPutUtf16 "bs_put_utf16" Emitted [fail: Fail, flags: N, src: Src] "Appends a character in UTF-16 to the binary being built.";
    148 BsPutUtf32 "bs_put_utf32" Emitted [fail: Fail, flags: N, src: Src] "Appends a character in UTF-32 to the binary being built.";
    149 OnLoad "on_load" Emitted [] "Marks the function that runs when the module is loaded.";
    150 RecvMark "recv_mark" Obsolete [to: Any] "Marks the end of the mailbox.";
    151 RecvSet "recv_set" Obsolete [to: Any] "Begins a receive at the mark.";
    152 GcBif3 "gc_bif3" Emitted [fail: Fail, live: N, bif: Import, arg1: Src, arg2: Src, arg3: Src, dst: Dst] "Calls a guard BIF of three arguments that may collect.";
    153 Line "line" Emitted [location: Line] "Says which source line the following code came from.";
    154 PutMapAssoc "put_map_assoc" Emitted [fail: Fail, map: Src, dst: Dst, live: N, pairs: KeyValues] "Copies a map with keys added or replaced.";
    155 PutMapExact "put_map_exact" Emitted [fail: Fail, map: Src, dst: Dst, live: N, pairs: KeyValues] "Copies a map with existing keys replaced.";
    156 IsMap "is_map" Emitted [fail: To, arg: Src] "Goes on if the term is a map.";
    157 HasMapFields "has_map_fields" Emitted [fail: To, map: Src, keys: Terms] "Goes on if the map has all the keys.";
    158 GetMapElements "get_map_elements" Emitted [fail: To, map: Src, pairs: KeyDsts] "Fetches values of a map: pairs of key and destination.";
    159 IsTaggedTuple "is_tagged_tuple" Emitted [fail: To, arg: Src, arity: N, tag: Atom] "Goes on if the term is a tuple of this arity whose first element is the atom.";
    160 BuildStacktrace "build_stacktrace" Emitted [] "Turns the raw stack trace in x0 into a term.";
    161 RawRaise "raw_raise" Emitted [] "Raises class x0, reason x1 with the raw stack trace x2; x0 becomes `badarg` for a bad class.";
    162 GetHd "get_hd" Emitted [list: Src, dst: Dst] "Head of a cons cell.";
    163 GetTl "get_tl" Emitted [list: Src, dst: Dst] "Tail of a cons cell.";
    164 PutTuple2 "put_tuple2" Emitted [dst: Dst, elements: Terms] "Builds a tuple.";
    165 BsGetTail "bs_get_tail" Emitted [ctx: Src, dst: Dst, live: N] "The rest of the bitstring from the current position.";
    166 BsStartMatch3 "bs_start_match3" Emitted [fail: To, arg: Src, live: N, dst: Dst] "Begins matching a bitstring.";
    167 BsGetPosition "bs_get_position" Emitted [ctx: Src, dst: Dst, live: N] "Reads the current position.";
    168 BsSetPosition "bs_set_position" Emitted [ctx: Src, position: Src] "Sets the current position.";
    169 Swap "swap" Emitted [a: Dst, b: Dst] "Exchanges two registers.";
    170 BsStartMatch4 "bs_start_match4" Emitted [fail: FailOrAtom, live: N, arg: Src, dst: Dst] "Begins matching; instead of a label `no_fail` (known bitstring) or `resume` (known match context).";
    171 MakeFun3 "make_fun3" Emitted [lambda: Lambda, dst: Dst, env: Terms] "Builds a fun with its environment.";
    172 InitYregs "init_yregs" Emitted [slots: YRegs] "Sets Y registers to nil.";
    173 RecvMarkerBind "recv_marker_bind" Emitted [marker: Src, reference: Src] "Ties a reserved receive marker to a reference.";
    174 RecvMarkerClear "recv_marker_clear" Emitted [reference: Src] "Gives a receive marker back.";
    175 RecvMarkerReserve "recv_marker_reserve" Emitted [dst: Dst] "Reserves a receive marker at the end of the mailbox.";
    176 RecvMarkerUse "recv_marker_use" Emitted [reference: Src] "Begins the next receive at the marker of the reference.";
    177 BsCreateBin "bs_create_bin" Emitted [fail: Fail, heap: Heap, live: N, unit: N, dst: Dst, segments: Segments] "Builds a bitstring: groups of type, segment number, unit, flags, value, size.";
    178 CallFun2 "call_fun2" Emitted [tag: FunTag, arity: N, fun: Src] "Calls a fun; the tag says what is known of it: `safe`, `unsafe` or the lambda.";
    179 NifStart "nif_start" Emitted [] "Marks a function that a NIF library may replace.";
    180 Badrecord "badrecord" Emitted [arg: Src] "Raises `{badrecord,Arg}`.";
    181 UpdateRecord "update_record" Emitted [hint: Atom, size: N, src: Src, dst: Dst, updates: PositionValues] "Copies a tuple with elements replaced: pairs of position and value.";
    182 BsMatch "bs_match" Emitted [fail: Fail, ctx: Src, commands: Commands] "Matches segments of fixed size by a list of commands.";
    183 ExecutableLine "executable_line" Emitted [location: Line, index: N] "Says which source line the following code came from, for coverage.";
    184 DebugLine "debug_line" Emitted [kind: Atom, location: Line, index: N, live: N] "Says which source line the following code came from, for debuggers.";
    185 Bif3 "bif3" Emitted [fail: Fail, bif: Import, arg1: Src, arg2: Src, arg3: Src, dst: Dst] "Calls a guard BIF of three arguments that allocates nothing.";
    186 IsAnyNativeRecord "is_any_native_record" Emitted [fail: To, arg: Src] "Goes on if the term is a native record.";
    187 IsNativeRecord "is_native_record" Emitted [fail: To, arg: Src, module: Atom, name: Atom] "Goes on if the term is a native record of this module and name.";
    188 GetRecordElements "get_record_elements" Emitted [fail: To, record: Src, fields: KeyDsts] "Fetches fields of a native record: pairs of name and destination.";
    189 PutRecord "put_record" Emitted [fail: Fail, id: Src, src: Src, dst: Dst, live: N, fields: KeyValues] "Builds or updates a native record.";
    190 IsRecordAccessible "is_record_accessible" Emitted [fail: To, record: Src, module: Src] "Goes on if the module may look into the native record.";
    191 GetRecordField "get_record_field" Emitted [fail: Fail, record: Src, id: Src, field: Src, dst: Dst] "Fetches one field of a native record.";
}
