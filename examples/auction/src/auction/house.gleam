//// The auction house: an actor that holds the open lot and what was sold.

import gleam/erlang/process.{type Name, type Subject}
import gleam/int
import gleam/list
import gleam/option.{type Option, None, Some}
import gleam/otp/actor
import gleam/otp/supervision

pub type Sale {
  Sale(lot: String, bidder: String, price: Int)
}

pub type Answer {
  /// The offer stands for now.
  Leading
  /// Nobody else is left to outbid the one who leads.
  Won
  /// The next step is more than the bidder has.
  TooDear
}

pub opaque type Message {
  Open(lot: String, reserve: Int, reply: Subject(Nil))
  Offer(bidder: String, step: Int, purse: Int, reply: Subject(Answer))
  Close(reply: Subject(Result(Sale, Nil)))
  Sales(reply: Subject(List(Sale)))
}

type State {
  State(
    lot: String,
    price: Int,
    leader: Option(String),
    out: Int,
    sold: List(Sale),
  )
}

const patience = 5000

const others = 2

pub fn supervised(
  name: Name(Message),
) -> supervision.ChildSpecification(Subject(Message)) {
  supervision.worker(fn() {
    actor.new(State("", 0, None, 0, []))
    |> actor.named(name)
    |> actor.on_message(handle)
    |> actor.start
  })
}

pub fn open(house: Subject(Message), lot: String, reserve: Int) -> Nil {
  actor.call(house, patience, Open(lot, reserve, _))
}

pub fn offer(
  house: Subject(Message),
  bidder: String,
  step: Int,
  purse: Int,
) -> Answer {
  actor.call(house, patience, Offer(bidder, step, purse, _))
}

pub fn close(house: Subject(Message)) -> Result(Sale, Nil) {
  actor.call(house, patience, Close)
}

/// Everything sold so far, the earliest first.
pub fn sales(house: Subject(Message)) -> List(Sale) {
  actor.call(house, patience, Sales)
}

fn handle(state: State, message: Message) -> actor.Next(State, Message) {
  case message {
    Open(lot, reserve, reply) -> {
      actor.send(reply, Nil)
      actor.continue(State(..state, lot:, price: reserve, leader: None, out: 0))
    }
    Offer(bidder, step, purse, reply) -> {
      let #(state, answer) = weigh(state, bidder, step, purse)
      actor.send(reply, answer)
      actor.continue(state)
    }
    Close(reply) ->
      case state.leader {
        None -> {
          actor.send(reply, Error(Nil))
          actor.continue(state)
        }
        Some(bidder) -> {
          let sale = Sale(state.lot, bidder, state.price)
          actor.send(reply, Ok(sale))
          actor.continue(State(..state, sold: [sale, ..state.sold]))
        }
      }
    Sales(reply) -> {
      actor.send(reply, list.reverse(state.sold))
      actor.continue(state)
    }
  }
}

fn weigh(
  state: State,
  bidder: String,
  step: Int,
  purse: Int,
) -> #(State, Answer) {
  let next = int.add(state.price, step)
  case state.leader == Some(bidder) {
    True if state.out >= others -> #(state, Won)
    True -> #(state, Leading)
    False if next > purse -> #(State(..state, out: state.out + 1), TooDear)
    False -> #(State(..state, price: next, leader: Some(bidder)), Leading)
  }
}
