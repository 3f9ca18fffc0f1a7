//! Construction and matching of bit strings.
//!
//! Both forms of construction become one `bs_create` with a plan; the old form (`bs_init…`,
//! `bs_put_…`) is gathered until its last segment. Matching reads through a match context, an
//! object whose position moves; sizes are checked once per `bs_match`, neighbouring integers are
//! read as one word, and the position moves once.

use super::*;
use crate::clif::READ_MAX_BITS;
use beamrc_abi::entry::{SIZE_ALL, SIZE_IN_X, Segment, SegmentKind};
use beamrc_abi::process::X_REGISTERS;
use beamrc_beam::Operand;

/// Fields of more bits than any bit string has are told as so large.
const FIELD_MAX_BITS: u64 = 1 << 56;

/// Construction that waits for further segments.
pub(super) struct Pending {
    fail: beam::Label,
    dst: Operand,
    segments: Vec<PlanSegment>,
    args: Vec<Arg>,
    /// What is known of the arguments.
    types: Vec<TypeEntry>,
    location: u32,
}

/// What `bs_match` does, in order.
enum Command {
    AtLeast { bits: u64, unit: u32 },
    Exactly { bits: u64 },
    Integer { bits: u64, little: bool, signed: bool, dst: Operand },
    Binary { bits: u64, dst: Operand },
    Tail { dst: Operand },
    Skip { bits: u64 },
    Same { bits: u64, wanted: Operand },
}

impl Command {
    /// Bits of a field that can be read together with others.
    fn field_bits(&self) -> Option<u64> {
        match self {
            Command::Integer { bits, little, .. } if is_read_in_line(*bits, *little) => Some(*bits),
            Command::Same { bits, .. } if is_read_in_line(*bits, false) => Some(*bits),
            Command::Skip { bits } => Some(*bits),
            _ => None,
        }
    }
}

/// Integers that are smalls, and lie within a word.
fn is_read_in_line(bits: u64, little: bool) -> bool {
    (1..=READ_MAX_BITS as u64).contains(&bits) && (!little || bits % 8 == 0)
}

/// How many of the first commands are fields that fit one read. What is skipped at either end is
/// not read.
fn fields_in_one_word(commands: &[Command]) -> usize {
    if matches!(commands[0], Command::Skip { .. }) {
        return 0;
    }
    let (mut total, mut run) = (0, 0);
    for (i, command) in commands.iter().enumerate() {
        match command.field_bits() {
            Some(bits) if total + bits <= READ_MAX_BITS as u64 => total += bits,
            _ => break,
        }
        if !matches!(command, Command::Skip { .. }) {
            run = i + 1;
        }
    }
    run
}

pub(super) fn continues_construction(op: B) -> bool {
    matches!(
        op,
        B::BsPutInteger
            | B::BsPutBinary
            | B::BsPutFloat
            | B::BsPutString
            | B::BsPutUtf8
            | B::BsPutUtf16
            | B::BsPutUtf32
            | B::Line
            | B::ExecutableLine
            | B::DebugLine
    )
}

/// As many segments of a construction as have room for their values and sizes in `x`.
#[derive(Default)]
struct Part {
    segments: Vec<PlanSegment>,
    args: Vec<Arg>,
    types: Vec<TypeEntry>,
}

impl PlanSegment {
    /// Values and sizes that stand in `x`.
    fn inputs(&self) -> usize {
        match self.segment.kind {
            SegmentKind::String => 0,
            _ => 1 + usize::from(self.segment.size == SIZE_IN_X),
        }
    }
}

impl Builder<'_> {
    /// The instructions on bit strings; false if the opcode is none.
    pub(super) fn bits(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        match op {
            B::BsCreateBin => self.create_bin(o)?,
            B::BsInit2 | B::BsInitBits => {
                let (fail, dst) = (self.label(&o[0])?, o[5].clone());
                self.begin_construction(fail, dst, None)?;
            }
            B::BsAppend => self.begin_append(
                self.label(&o[0])?,
                &o[5],
                self.number(&o[4])?,
                &o[7],
                SegmentKind::Append,
            )?,
            B::BsPrivateAppend => {
                self.begin_append(
                    self.label(&o[0])?,
                    &o[3],
                    self.number(&o[2])?,
                    &o[5],
                    SegmentKind::PrivateAppend,
                )?;
            }
            B::BsInitWritable => {
                let value = self.literal(Literal::Binary(std::sync::Arc::from(&[][..])));
                self.set(Var::X(0), value);
            }
            B::BsPutInteger => self.put(
                SegmentKind::Integer,
                &o[1],
                self.number(&o[2])?,
                self.number(&o[3])?,
                &o[4],
            )?,
            B::BsPutFloat => self.put(
                SegmentKind::Float,
                &o[1],
                self.number(&o[2])?,
                self.number(&o[3])?,
                &o[4],
            )?,
            B::BsPutBinary => self.put(
                SegmentKind::Binary,
                &o[1],
                self.number(&o[2])?,
                self.number(&o[3])?,
                &o[4],
            )?,
            B::BsPutUtf8 | B::BsPutUtf16 | B::BsPutUtf32 => {
                let kind = match op {
                    B::BsPutUtf8 => SegmentKind::Utf8,
                    B::BsPutUtf16 => SegmentKind::Utf16,
                    _ => SegmentKind::Utf32,
                };
                self.put(kind, &Operand::Nil, 0, self.number(&o[1])?, &o[2])?;
            }
            B::BsPutString => {
                let string = self.string_bytes(self.number(&o[1])?, self.number(&o[0])?)?;
                let segment = string_segment(0, &string);
                self.pending()?.segments.push(PlanSegment { segment, string });
            }
            B::BsUtf8Size | B::BsUtf16Size => {
                let entry = if op == B::BsUtf8Size { e::bs_utf8_size } else { e::bs_utf16_size };
                let arg = self.src(&o[1])?;
                let value = self.fallible(
                    Inst::new(Op::Entry(entry), vec![arg]),
                    Repr::Term,
                    self.label(&o[0])?,
                );
                self.assign(&o[2], value)?;
            }
            // Sizes computed for bs_init2 are checked again when the segments are built.
            B::BsAdd => self.assign(&o[4], Arg::Small(0))?,
            B::BsStartMatch3 => {
                let arg = self.src(&o[1])?;
                let inst =
                    Inst { fails: Fails::NoValue, ..Inst::new(Op::Entry(e::bs_start), vec![arg]) };
                let context = Arg::Value(self.push(inst, Some(Repr::Term)).expect("has a result"));
                self.branch(Test::IsValue, vec![context.clone()], vec![], self.label(&o[0])?);
                self.assign(&o[3], context)?;
            }
            B::BsStartMatch4 => {
                let arg = self.src(&o[2])?;
                let context = match (&o[0], self.atom_text(&o[0])) {
                    (_, Some("resume")) => arg,
                    (Operand::Label(label), _) if !label.is_none() => {
                        let inst = Inst {
                            fails: Fails::NoValue,
                            ..Inst::new(Op::Entry(e::bs_start), vec![arg])
                        };
                        let context =
                            Arg::Value(self.push(inst, Some(Repr::Term)).expect("has a result"));
                        self.branch(Test::IsValue, vec![context.clone()], vec![], *label);
                        context
                    }
                    _ => self.emit(Op::Entry(e::bs_start), vec![arg]),
                };
                self.assign(&o[3], context)?;
            }
            B::BsGetPosition => {
                let context = self.src(&o[0])?;
                let position = self.emit(Op::MatchPosition, vec![context]);
                self.assign(&o[1], position)?;
            }
            B::BsSetPosition => {
                let (args, _) = self.srcs(&o[..2])?;
                self.emit_effect(Op::MatchSetPosition, args);
            }
            B::BsGetTail => {
                let context = self.src(&o[0])?;
                let tail = self.emit(Op::Entry(e::bs_get_tail), vec![context]);
                self.assign(&o[1], tail)?;
            }
            B::BsMatch => self.bs_match(o)?,
            B::BsMatchString => {
                let context = self.src(&o[1])?;
                let bits = self.number(&o[2])?;
                let bytes = self.string_bytes(self.number(&o[3])?, bits.div_ceil(8))?;
                self.f.strings.push(bytes);
                let address = Arg::Bytes(self.f.strings.len() as u32 - 1);
                let args = vec![context, Arg::Raw(bits as i64), address];
                let equal = self.emit_raw(Op::Entry(e::bs_match_string), args);
                self.branch(Test::NonZero, vec![equal], vec![], self.label(&o[0])?);
            }
            B::BsTestTail2 => {
                let context = self.src(&o[1])?;
                let left = self.emit_raw(Op::MatchLeft, vec![context]);
                let args = vec![left, Arg::Raw(self.bits_of_field(&o[2])? as i64)];
                self.branch(Test::RawSame, args, vec![], self.label(&o[0])?);
            }
            B::BsTestUnit => {
                let context = self.src(&o[1])?;
                let left = self.emit_raw(Op::MatchLeft, vec![context]);
                self.branch(
                    Test::RawMultiple(self.number(&o[2])?),
                    vec![left],
                    vec![],
                    self.label(&o[0])?,
                );
            }
            B::BsSkipBits2 => self.skip_bits(o)?,
            B::BsGetInteger2 | B::BsGetFloat2 | B::BsGetBinary2 => self.get_sized(op, o)?,
            B::BsGetUtf8
            | B::BsGetUtf16
            | B::BsGetUtf32
            | B::BsSkipUtf8
            | B::BsSkipUtf16
            | B::BsSkipUtf32 => {
                self.utf(op, o)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    // --- construction

    fn create_bin(&mut self, o: &[Operand]) -> Result<(), Error> {
        let mut pending = Pending {
            fail: self.label(&o[0])?,
            dst: o[4].clone(),
            segments: vec![],
            args: vec![],
            types: vec![],
            location: self.location,
        };
        for group in self.list(&o[5])?.chunks(6) {
            let [kind, index, unit, flags, value, size] = group else {
                return Err(self.error("bs_create_bin with an incomplete segment"));
            };
            let index = self.number(index)?;
            let unit = match unit {
                Operand::Nil => 1,
                other => self.number(other)?,
            };
            let kind = match self.atom_text(kind) {
                Some("integer") => SegmentKind::Integer,
                Some("float") => SegmentKind::Float,
                Some("binary") => SegmentKind::Binary,
                Some("utf8") => SegmentKind::Utf8,
                Some("utf16") => SegmentKind::Utf16,
                Some("utf32") => SegmentKind::Utf32,
                Some("append") => SegmentKind::Append,
                Some("private_append") => SegmentKind::PrivateAppend,
                Some("string") => {
                    let string = self.string_bytes(self.number(value)?, self.number(size)?)?;
                    let segment = string_segment(index, &string);
                    pending.segments.push(PlanSegment { segment, string });
                    continue;
                }
                other => {
                    return Err(self.error(&format!("bs_create_bin of segment type {other:?}")));
                }
            };
            let flags = self.flag_list(flags)?;
            self.add_segment(&mut pending, kind, index, unit, flags, value, size)?;
        }
        self.construct(pending)
    }
    #[expect(clippy::too_many_arguments, reason = "the fields of a segment")]
    fn add_segment(
        &mut self,
        pending: &mut Pending,
        kind: SegmentKind,
        index: u32,
        unit: u32,
        flags: u32,
        value: &Operand,
        size: &Operand,
    ) -> Result<(), Error> {
        pending.args.push(self.src(value)?);
        pending.types.push(self.ty(value));
        let size = match (self.atom_text(size), size) {
            (Some("all"), _) => SIZE_ALL,
            (Some("undefined"), _) => 0,
            (_, Operand::Nil) => 0,
            _ => match self.src(size)? {
                Arg::Small(n) if n >= 0 => n as u64,
                other => {
                    pending.args.push(other);
                    pending.types.push(TypeEntry::ANY);
                    SIZE_IN_X
                }
            },
        };
        let segment =
            Segment { kind, flags: flags as u8, unit: unit as u16, index, size, string: 0 };
        pending.segments.push(PlanSegment { segment, string: vec![] });
        Ok(())
    }
    fn construct(&mut self, pending: Pending) -> Result<(), Error> {
        self.location = pending.location;
        let Pending { fail, dst, segments, args, types, .. } = pending;
        let mut inputs = args.into_iter().zip(types);
        let mut part = Part::default();
        for segment in segments {
            let count = segment.inputs();
            if part.args.len() + count > X_REGISTERS {
                // What is made so far is nobody else's: the rest is appended in place.
                let made = self.construct_part(part, fail);
                part = Part::default();
                let segment = Segment {
                    kind: SegmentKind::PrivateAppend,
                    flags: 0,
                    unit: 1,
                    index: 1,
                    size: SIZE_ALL,
                    string: 0,
                };
                part.segments.push(PlanSegment { segment, string: vec![] });
                part.args.push(made);
                part.types.push(TypeEntry::ANY);
            }
            part.segments.push(segment);
            for (arg, ty) in inputs.by_ref().take(count) {
                part.args.push(arg);
                part.types.push(ty);
            }
        }
        let value = self.construct_part(part, fail);
        self.assign(&dst, value)
    }
    fn construct_part(&mut self, part: Part, fail: beam::Label) -> Arg {
        let appends = matches!(
            part.segments.first().map(|s| s.segment.kind),
            Some(SegmentKind::Append | SegmentKind::PrivateAppend)
        );
        self.f.plans.push(Plan { segments: part.segments });
        let mut args = vec![Arg::Plan(self.f.plans.len() as u32 - 1), Arg::Raw(0)];
        args.extend(part.args);
        let types = match part.types.iter().any(|ty| *ty != TypeEntry::ANY) {
            true => [TypeEntry::ANY; 2].into_iter().chain(part.types).collect(),
            false => vec![],
        };
        let entry = if appends { e::bs_append_plan } else { e::bs_create };
        let inst = Inst { types, ..Inst::new(Op::Entry(entry), args) };
        self.fallible(inst, Repr::Term, fail)
    }
    fn begin_construction(
        &mut self,
        fail: beam::Label,
        dst: Operand,
        first: Option<(PlanSegment, Arg)>,
    ) -> Result<(), Error> {
        let (segments, args) = first.map_or((vec![], vec![]), |(s, a)| (vec![s], vec![a]));
        let types = vec![TypeEntry::ANY; args.len()];
        self.binary = Some(Pending { fail, dst, segments, args, types, location: self.location });
        Ok(())
    }
    fn begin_append(
        &mut self,
        fail: beam::Label,
        source: &Operand,
        unit: u32,
        dst: &Operand,
        kind: SegmentKind,
    ) -> Result<(), Error> {
        let source = self.src(source)?;
        let segment =
            Segment { kind, flags: 0, unit: unit as u16, index: 1, size: SIZE_ALL, string: 0 };
        self.begin_construction(
            fail,
            dst.clone(),
            Some((PlanSegment { segment, string: vec![] }, source)),
        )
    }
    fn put(
        &mut self,
        kind: SegmentKind,
        size: &Operand,
        unit: u32,
        flags: u32,
        value: &Operand,
    ) -> Result<(), Error> {
        let mut pending =
            self.binary.take().ok_or_else(|| self.error("segment outside a construction"))?;
        let index = pending.segments.len() as u32 + 1;
        // Bits of the field flags as the old instructions encode them.
        let flags = (flags >> 1 & 1) | (flags >> 2 & 1) << 1 | (flags >> 4 & 1);
        self.add_segment(&mut pending, kind, index, unit.max(1), flags, value, size)?;
        self.binary = Some(pending);
        Ok(())
    }
    fn pending(&mut self) -> Result<&mut Pending, Error> {
        if self.binary.is_none() {
            return Err(self.error("segment outside a construction"));
        }
        Ok(self.binary.as_mut().expect("checked"))
    }
    /// Builds what was gathered.
    pub(super) fn flush_binary(&mut self) {
        if let Some(pending) = self.binary.take() {
            let location = self.location;
            self.construct(pending).expect("the destination was a register when it was read");
            self.location = location;
        }
    }
    fn string_bytes(&self, offset: u32, length: u32) -> Result<Vec<u8>, Error> {
        let start = offset as usize;
        let bytes = self.module.strings.get(start..start + length as usize);
        bytes.map(<[u8]>::to_vec).ok_or_else(|| self.error("string outside the string table"))
    }
    /// Flags as `bs_create_bin` and `bs_match` give them: nil or a literal list of atoms.
    fn flag_list(&self, operand: &Operand) -> Result<u32, Error> {
        let Operand::Literal(index) = operand else { return Ok(0) };
        let Some(atoms) = self.module.literals[index.index()].as_proper_list() else {
            return Err(self.error("bad field flags"));
        };
        let mut flags = 0;
        for atom in atoms {
            if let Literal::Atom(text) = atom {
                flags |= match &**text {
                    "little" | "native" => 1,
                    "signed" => 2,
                    _ => 0,
                };
            }
        }
        Ok(flags)
    }

    // --- matching

    fn bs_match(&mut self, o: &[Operand]) -> Result<(), Error> {
        let fail = self.label(&o[0])?;
        let context = self.src(&o[1])?;
        let commands = self.match_commands(self.list(&o[2])?)?;
        // Fields are read relative to the position, which moves before a part is taken and at the end.
        let mut at = 0;
        let mut results: Vec<(Operand, Arg)> = vec![];
        let mut rest = &commands[..];
        while let Some((command, others)) = rest.split_first() {
            let run = fields_in_one_word(rest);
            if run > 0 {
                self.match_fields(&context, &rest[..run], &mut at, fail, &mut results)?;
                rest = &rest[run..];
                continue;
            }
            rest = others;
            match command {
                Command::Skip { bits } => at += bits,
                Command::AtLeast { bits, unit } => {
                    self.advance(&context, &mut at);
                    let left = self.emit_raw(Op::MatchLeft, vec![context.clone()]);
                    if *bits > 0 {
                        let args = vec![left.clone(), Arg::Raw(*bits as i64)];
                        self.branch_not(Test::RawLess, args, vec![], fail);
                    }
                    if *unit > 1 {
                        let rest = self.emit_raw(Op::RawAdd, vec![left, Arg::Raw(-(*bits as i64))]);
                        self.branch(Test::RawMultiple(*unit), vec![rest], vec![], fail);
                    }
                }
                Command::Exactly { bits } => {
                    self.advance(&context, &mut at);
                    let left = self.emit_raw(Op::MatchLeft, vec![context.clone()]);
                    self.branch(Test::RawSame, vec![left, Arg::Raw(*bits as i64)], vec![], fail);
                }
                Command::Integer { bits, little, signed, dst } => {
                    self.advance(&context, &mut at);
                    let value = self.large_integer(&context, *bits, *little, *signed);
                    results.push((dst.clone(), value));
                }
                Command::Same { bits, wanted } => {
                    self.advance(&context, &mut at);
                    let wanted = self.src(wanted)?;
                    let value = self.large_integer(&context, *bits, false, false);
                    self.branch(Test::Same, vec![value, wanted], vec![], fail);
                }
                Command::Binary { bits, dst } => {
                    self.advance(&context, &mut at);
                    let value = self.emit(
                        Op::Entry(e::bs_get_bits),
                        vec![context.clone(), Arg::Raw(*bits as i64)],
                    );
                    results.push((dst.clone(), value));
                }
                Command::Tail { dst } => {
                    self.advance(&context, &mut at);
                    let value = self.emit(Op::Entry(e::bs_get_tail), vec![context.clone()]);
                    results.push((dst.clone(), value));
                }
            }
        }
        self.advance(&context, &mut at);
        for (dst, value) in results {
            self.assign(&dst, value)?;
        }
        Ok(())
    }
    fn match_commands(&self, list: &[Operand]) -> Result<Vec<Command>, Error> {
        let mut commands = vec![];
        let mut at = 0;
        while at < list.len() {
            let name = self.atom_text(&list[at]).unwrap_or("?");
            let rest = &list[at + 1..];
            let bits = |i: usize| self.bits_of_field(&rest[i]);
            let size = |i: usize| Ok(bits(i)?.saturating_mul(bits(i + 1)?).min(FIELD_MAX_BITS));
            let (command, used) = match name {
                "ensure_at_least" => {
                    (Command::AtLeast { bits: bits(0)?, unit: self.number(&rest[1])? }, 2)
                }
                "ensure_exactly" => (Command::Exactly { bits: bits(0)? }, 1),
                "integer" => {
                    let flags = self.flag_list(&rest[1])?;
                    let (little, signed) = (flags & 1 != 0, flags & 2 != 0);
                    (Command::Integer { bits: size(2)?, little, signed, dst: rest[4].clone() }, 5)
                }
                "binary" => (Command::Binary { bits: size(2)?, dst: rest[4].clone() }, 5),
                "get_tail" => (Command::Tail { dst: rest[2].clone() }, 3),
                "skip" => (Command::Skip { bits: bits(0)? }, 1),
                "=:=" => (Command::Same { bits: bits(1)?, wanted: rest[2].clone() }, 3),
                other => return Err(self.error(&format!("bs_match with command {other}"))),
            };
            commands.push(command);
            at += 1 + used;
        }
        Ok(commands)
    }
    fn bits_of_field(&self, operand: &Operand) -> Result<u64, Error> {
        match operand {
            Operand::Unsigned(bits) => Ok((*bits).min(FIELD_MAX_BITS)),
            other => Ok(self.number(other)? as u64),
        }
    }
    /// Moves the position over what was read relative to it.
    fn advance(&mut self, context: &Arg, at: &mut u64) {
        if *at > 0 {
            self.emit_effect(Op::MatchAdvance, vec![context.clone(), Arg::Raw(*at as i64)]);
            *at = 0;
        }
    }
    /// Fields that are read together, being at most [`READ_MAX_BITS`].
    fn match_fields(
        &mut self,
        context: &Arg,
        run: &[Command],
        at: &mut u64,
        fail: beam::Label,
        results: &mut Vec<(Operand, Arg)>,
    ) -> Result<(), Error> {
        let total: u64 = run.iter().map(|c| c.field_bits().unwrap_or(0)).sum();
        let start = *at as u32;
        *at += total;
        let word =
            match run {
                [_] => None,
                _ => Some(self.emit_raw(
                    Op::MatchRead { at: start, bits: total as u32 },
                    vec![context.clone()],
                )),
            };
        let mut low = total as u32;
        for command in run {
            let bits = command.field_bits().unwrap_or(0) as u32;
            low -= bits;
            let (little, signed) = match command {
                Command::Integer { little, signed, .. } => (*little, *signed),
                _ => (false, false),
            };
            let mut value = || match &word {
                None => self.emit(
                    Op::MatchInteger { at: start, bits, little, signed },
                    vec![context.clone()],
                ),
                Some(word) => {
                    self.emit(Op::Field { low, bits, little, signed }, vec![word.clone()])
                }
            };
            match command {
                Command::Integer { dst, .. } => {
                    let value = value();
                    results.push((dst.clone(), value));
                }
                Command::Same { wanted, .. } => {
                    let value = value();
                    let wanted = self.src(wanted)?;
                    self.branch(Test::Same, vec![value, wanted], vec![], fail);
                }
                _ => {}
            }
        }
        Ok(())
    }
    /// An integer at the position that is known to be there but may be no small.
    fn large_integer(&mut self, context: &Arg, bits: u64, little: bool, signed: bool) -> Arg {
        let flags = little as i64 | (signed as i64) << 1;
        self.emit(
            Op::Entry(e::bs_get_integer),
            vec![context.clone(), Arg::Raw(bits as i64), Arg::Raw(flags)],
        )
    }
    /// Raw number of bits of a size operand times unit; fails on what is no size.
    fn field_bits(&mut self, size: &Operand, unit: u32, fail: beam::Label) -> Result<Arg, Error> {
        /// Sizes below this are bits of no bit string that is too large, whatever the unit.
        const FREQUENT: i64 = 1 << 40;
        let ty = self.ty(size);
        let bounded = ty.union == TypeUnion::INTEGER
            && ty.lower_bound.is_some_and(|low| low >= 0)
            && ty.upper_bound.is_some_and(|high| high < FREQUENT);
        Ok(match self.src(size)? {
            Arg::Small(n) if (0..FREQUENT).contains(&n) => Arg::Raw(n * unit as i64),
            size if bounded => {
                let units = self.emit_raw(Op::Untag, vec![size]);
                self.emit_raw(Op::RawMul, vec![units, Arg::Raw(unit as i64)])
            }
            size => {
                let bits =
                    self.emit_raw(Op::Entry(e::bs_field_size), vec![size, Arg::Raw(unit as i64)]);
                self.branch_not(Test::RawLess, vec![bits.clone(), Arg::Raw(0)], vec![], fail);
                bits
            }
        })
    }
    fn skip_bits(&mut self, o: &[Operand]) -> Result<(), Error> {
        let fail = self.label(&o[0])?;
        let context = self.src(&o[1])?;
        let unit = self.number(&o[3])?;
        let left = self.emit_raw(Op::MatchLeft, vec![context.clone()]);
        if self.atom_text(&o[2]) == Some("all") {
            self.branch(Test::RawMultiple(unit), vec![left.clone()], vec![], fail);
            self.emit_effect(Op::MatchAdvance, vec![context, left]);
            return Ok(());
        }
        let bits = self.field_bits(&o[2], unit, fail)?;
        self.branch_not(Test::RawLess, vec![left, bits.clone()], vec![], fail);
        self.emit_effect(Op::MatchAdvance, vec![context, bits]);
        Ok(())
    }
    fn get_sized(&mut self, op: B, o: &[Operand]) -> Result<(), Error> {
        let fail = self.label(&o[0])?;
        let context = self.src(&o[1])?;
        let (unit, flags) = (self.number(&o[4])?, self.number(&o[5])?);
        // Bits of the field flags as these instructions encode them: 2 little, 4 signed, 16 native.
        let flags = (flags >> 1 & 1) | (flags >> 2 & 1) << 1 | (flags >> 4 & 1);
        let (little, signed) = (flags & 1 != 0, flags & 2 != 0);
        let left = self.emit_raw(Op::MatchLeft, vec![context.clone()]);
        let bits = if self.atom_text(&o[3]) == Some("all") {
            if unit > 1 {
                self.branch(Test::RawMultiple(unit), vec![left.clone()], vec![], fail);
            }
            left
        } else {
            let bits = self.field_bits(&o[3], unit, fail)?;
            if op != B::BsGetFloat2 {
                self.branch_not(Test::RawLess, vec![left, bits.clone()], vec![], fail);
            }
            bits
        };
        let value = match (op, &bits) {
            (B::BsGetBinary2, _) => self.emit(Op::Entry(e::bs_get_bits), vec![context, bits]),
            (B::BsGetInteger2, Arg::Raw(known)) if is_read_in_line(*known as u64, little) => {
                let read = Op::MatchInteger { at: 0, bits: *known as u32, little, signed };
                let value = self.emit(read, vec![context.clone()]);
                self.emit_effect(Op::MatchAdvance, vec![context, bits]);
                value
            }
            _ => {
                let entry = if op == B::BsGetFloat2 { e::bs_get_float } else { e::bs_get_integer };
                let args = vec![context, bits, Arg::Raw(flags as i64)];
                self.fallible(Inst::new(Op::Entry(entry), args), Repr::Term, fail)
            }
        };
        self.assign(&o[6], value)
    }
    fn utf(&mut self, op: B, o: &[Operand]) -> Result<(), Error> {
        let fail = self.label(&o[0])?;
        let context = self.src(&o[1])?;
        let flags = self.number(&o[3])?;
        let little = Arg::Raw(((flags >> 1 & 1) | (flags >> 4 & 1)) as i64);
        let (entry, args) = match op {
            B::BsGetUtf8 => (e::bs_get_utf8, vec![context]),
            B::BsGetUtf16 => (e::bs_get_utf16, vec![context, little]),
            B::BsGetUtf32 => (e::bs_get_utf32, vec![context, little]),
            B::BsSkipUtf8 => (e::bs_skip_utf8, vec![context]),
            B::BsSkipUtf16 => (e::bs_skip_utf16, vec![context, little]),
            _ => (e::bs_skip_utf32, vec![context, little]),
        };
        if matches!(op, B::BsSkipUtf8 | B::BsSkipUtf16 | B::BsSkipUtf32) {
            let done = self.emit_raw(Op::Entry(entry), args);
            self.branch(Test::NonZero, vec![done], vec![], fail);
            return Ok(());
        }
        let value = self.fallible(Inst::new(Op::Entry(entry), args), Repr::Term, fail);
        self.assign(&o[4], value)
    }
}

fn string_segment(index: u32, string: &[u8]) -> Segment {
    Segment {
        kind: SegmentKind::String,
        flags: 0,
        unit: 8,
        index,
        size: string.len() as u64,
        string: 0,
    }
}
