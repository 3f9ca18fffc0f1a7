//! `bif_rows`: prints module, name and arity of every row of the table of BIFs, separated by tabs,
//! for `tests/bifs/cross`.

fn main() {
    for bif in beamrc_abi::bifs::all() {
        println!("{}\t{}\t{}", bif.module, bif.name, bif.arity);
    }
}
