//// A small typed actor: a process with a state and a handler for messages of
//// one type, reached through a subject that only takes that type.

pub type Pid

pub type Reference

type Done

/// Where messages of one type can be sent: a process and the tag it waits for.
pub type Subject(message) {
  Subject(pid: Pid, tag: Reference)
}

pub type Next(state) {
  Continue(state)
  Stop
}

pub type CallError {
  Gone
  Late
}

@external(erlang, "erlang", "spawn")
pub fn spawn(run: fn() -> a) -> Pid

@external(erlang, "erlang", "self")
pub fn self() -> Pid

@external(erlang, "erlang", "make_ref")
fn make_ref() -> Reference

@external(erlang, "erlang", "send")
fn send_tagged(to: Pid, message: #(Reference, message)) -> Done

@external(erlang, "bank_ffi", "receive_tagged")
fn receive_tagged(tag: Reference) -> message

@external(erlang, "bank_ffi", "receive_down")
fn receive_down(monitor: Reference) -> String

@external(erlang, "bank_ffi", "call")
pub fn call(
  subject: Subject(message),
  request: fn(Subject(reply)) -> message,
  timeout: Int,
) -> Result(reply, CallError)

@external(erlang, "erlang", "spawn_monitor")
fn spawn_monitor(run: fn() -> a) -> #(Pid, Reference)

/// A subject of the process that asks for it.
pub fn new_subject() -> Subject(message) {
  Subject(self(), make_ref())
}

pub fn send(subject: Subject(message), message: message) -> Nil {
  send_tagged(subject.pid, #(subject.tag, message))
  Nil
}

pub fn receive(subject: Subject(message)) -> message {
  receive_tagged(subject.tag)
}

/// Starts a process that feeds every message to the handler.
pub fn start(
  state: state,
  handle: fn(state, message) -> Next(state),
) -> Subject(message) {
  let ready = new_subject()
  spawn(fn() {
    let subject = new_subject()
    send(ready, subject)
    loop(subject, state, handle)
  })
  receive(ready)
}

fn loop(
  subject: Subject(message),
  state: state,
  handle: fn(state, message) -> Next(state),
) -> Nil {
  case handle(state, receive(subject)) {
    Continue(state) -> loop(subject, state, handle)
    Stop -> Nil
  }
}

/// Runs a function in a process of its own and tells how that process ended.
pub fn watch(run: fn() -> a) -> String {
  let #(_, monitor) = spawn_monitor(run)
  receive_down(monitor)
}
