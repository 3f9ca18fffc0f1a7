//// Three lots go under the hammer. The house is a supervised actor; bidders
//// are processes that bid against each other until their purse is empty.

import auction/house
import gleam/erlang/process.{type Subject}
import gleam/int
import gleam/io
import gleam/list
import gleam/otp/static_supervisor as supervisor
import gleam/result
import gleam/string

type Bidder {
  Bidder(name: String, purse: Int, step: Int)
}

const bidders = [
  Bidder("Ada", 950, 50),
  Bidder("Joe", 1200, 30),
  Bidder("Robert", 700, 10),
]

pub fn main() -> Nil {
  let name = process.new_name("house")
  let assert Ok(_) =
    supervisor.new(supervisor.OneForOne)
    |> supervisor.add(house.supervised(name))
    |> supervisor.start
  let house = process.named_subject(name)

  ["a telephone", "a painting", "a clock"]
  |> list.index_map(fn(lot, index) { sell(house, lot, 100 * { index + 1 }) })
  |> list.each(io.println)

  let sold = list.length(house.sales(house))
  io.println("The house sold " <> int.to_string(sold) <> " lots")
}

fn sell(house: Subject(house.Message), lot: String, reserve: Int) -> String {
  house.open(house, lot, reserve)
  let done = process.new_subject()
  list.each(bidders, fn(bidder) {
    process.spawn(fn() {
      bid(house, bidder)
      process.send(done, Nil)
    })
  })
  list.each(bidders, fn(_) { process.receive_forever(done) })

  house.close(house)
  |> result.map(fn(sale) {
    string.pad_end(sale.lot, 12, ".") <> " sold to " <> sale.bidder
  })
  |> result.unwrap(string.pad_end(lot, 12, ".") <> " not sold")
}

/// Bids a step more than the highest offer for as long as the purse allows.
fn bid(house: Subject(house.Message), bidder: Bidder) -> Nil {
  case house.offer(house, bidder.name, bidder.step, bidder.purse) {
    house.Leading -> {
      process.sleep(1)
      bid(house, bidder)
    }
    house.TooDear -> Nil
    house.Won -> Nil
  }
}
