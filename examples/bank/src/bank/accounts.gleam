//// The accounts and the one rule about them: a balance is never below zero.

pub type Account {
  Account(number: Int, balance: Int)
}

/// So many accounts, numbered from 0, each with the same balance.
pub fn open(count: Int, balance: Int) -> List(Account) {
  open_from(count - 1, balance, [])
}

fn open_from(number: Int, balance: Int, open: List(Account)) -> List(Account) {
  case number < 0 {
    True -> open
    False -> open_from(number - 1, balance, [Account(number, balance), ..open])
  }
}

pub fn total(accounts: List(Account)) -> Int {
  add_up(accounts, 0)
}

fn add_up(accounts: List(Account), sum: Int) -> Int {
  case accounts {
    [] -> sum
    [Account(balance:, ..), ..rest] -> add_up(rest, sum + balance)
  }
}

/// Fails when there is no such account or when it holds too little.
pub fn transfer(
  accounts: List(Account),
  from: Int,
  to: Int,
  amount: Int,
) -> Result(List(Account), Nil) {
  case change(accounts, from, 0 - amount) {
    Ok(taken) -> change(taken, to, amount)
    Error(Nil) -> Error(Nil)
  }
}

fn change(
  accounts: List(Account),
  number: Int,
  amount: Int,
) -> Result(List(Account), Nil) {
  case accounts {
    [] -> Error(Nil)
    [account, ..rest] if account.number == number ->
      case account.balance + amount {
        balance if balance < 0 -> Error(Nil)
        balance -> Ok([Account(..account, balance:), ..rest])
      }
    [account, ..rest] ->
      case change(rest, number, amount) {
        Ok(changed) -> Ok([account, ..changed])
        Error(Nil) -> Error(Nil)
      }
  }
}
