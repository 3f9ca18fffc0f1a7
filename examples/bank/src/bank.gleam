//// A hundred customers move money between ten accounts at the same time. One
//// actor owns the accounts, so no money is made or lost on the way, and a
//// customer that dies half-way takes nothing with it.

import bank/accounts.{type Account}
import bank/actor.{type Next, type Subject, Continue, Stop}

type Done

@external(erlang, "io", "put_chars")
fn put_chars(text: String) -> Done

@external(erlang, "erlang", "integer_to_binary")
fn int_to_string(number: Int) -> String

@external(erlang, "erlang", "exit")
fn exit(reason: String) -> a

type Message {
  Transfer(from: Int, to: Int, amount: Int, reply: Subject(Bool))
  Balances(reply: Subject(List(Account)))
  Close
}

const customers = 100

pub fn main() -> Nil {
  let bank = actor.start(accounts.open(10, 1000), handle)
  let done = actor.new_subject()
  start_customers(bank, done, customers)
  let refused = wait_for(done, customers, 0)

  let assert Ok(open) = actor.call(bank, Balances, 5000)
  put_chars(int_to_string(customers) <> " customers are done\n")
  put_chars("the accounts hold " <> int_to_string(accounts.total(open)) <> "\n")
  put_chars(case refused > 0 {
    True -> "transfers beyond a balance were refused\n"
    False -> "no transfer was refused\n"
  })

  let reason = actor.watch(fn() { careless_customer(bank) })
  put_chars("the careless customer ended with " <> reason <> "\n")
  let assert Ok(after) = actor.call(bank, Balances, 5000)
  put_chars(case accounts.total(after) == accounts.total(open) {
    True -> "the accounts hold the same as before\n"
    False -> "money was lost\n"
  })

  actor.send(bank, Close)
  case actor.call(bank, Balances, 5000) {
    Error(actor.Gone) -> put_chars("the bank is closed\n")
    _ -> put_chars("the bank answered after closing\n")
  }
  Nil
}

fn handle(open: List(Account), message: Message) -> Next(List(Account)) {
  case message {
    Transfer(from, to, amount, reply) ->
      case accounts.transfer(open, from, to, amount) {
        Ok(changed) -> {
          actor.send(reply, True)
          Continue(changed)
        }
        Error(Nil) -> {
          actor.send(reply, False)
          Continue(open)
        }
      }
    Balances(reply) -> {
      actor.send(reply, open)
      Continue(open)
    }
    Close -> Stop
  }
}

fn start_customers(
  bank: Subject(Message),
  done: Subject(Int),
  left: Int,
) -> Nil {
  case left {
    0 -> Nil
    _ -> {
      actor.spawn(fn() { actor.send(done, customer(bank, left, 50, 0)) })
      start_customers(bank, done, left - 1)
    }
  }
}

/// Makes its transfers and answers how many were refused.
fn customer(
  bank: Subject(Message),
  number: Int,
  transfers: Int,
  refused: Int,
) -> Int {
  case transfers {
    0 -> refused
    _ -> {
      let from = { number + transfers } % 10
      let to = { number * 7 + transfers * 3 + 1 } % 10
      let amount = number * transfers % 700
      let request = fn(reply) { Transfer(from, to, amount, reply) }
      case actor.call(bank, request, 5000) {
        Ok(True) -> customer(bank, number, transfers - 1, refused)
        _ -> customer(bank, number, transfers - 1, refused + 1)
      }
    }
  }
}

fn careless_customer(bank: Subject(Message)) -> Nil {
  let request = fn(reply) { Transfer(0, 1, 1, reply) }
  let _ = actor.call(bank, request, 5000)
  exit("a lost wallet")
}

fn wait_for(done: Subject(Int), left: Int, refused: Int) -> Int {
  case left {
    0 -> refused
    _ -> wait_for(done, left - 1, refused + actor.receive(done))
  }
}
