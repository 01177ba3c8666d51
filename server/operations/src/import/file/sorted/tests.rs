//! The order of rows, in memory and through the disk.

use super::*;

fn sorted(rows: &[(u64, String)], filler: usize) -> Vec<(u64, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sorts/one");
    let mut sorter = Sorter::new(&path);
    for (number, key) in rows {
        let text = format!("{key}{}", "x".repeat(filler));
        sorter
            .push(Row::new(*number, &text, &[key.len(), text.len()]), key)
            .unwrap();
    }
    let mut out = Vec::new();
    let sorted = sorter.finish().unwrap();
    let on_disk = path.exists();
    assert_eq!(on_disk, rows.len() * (filler + 40) > RUN_BYTES);
    sorted
        .rows(&mut |row| {
            assert_eq!((row.len(), row.cell(1).len()), (2, filler));
            out.push((row.number, row.cell(0).to_owned()));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(!path.exists(), "nothing stays behind");
    out
}

#[test]
fn rows_come_in_the_order_of_their_keys_and_numbers() {
    let keys = [
        "b",
        "a",
        "",
        "编号一二三四",
        "编号一二三五",
        "b",
        "abcdefghi",
        "abcdefgh",
        "a",
    ];
    let rows: Vec<(u64, String)> = (2..)
        .zip(keys)
        .map(|(number, key)| (number, key.to_owned()))
        .collect();
    let mut expected = rows.clone();
    expected.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    assert_eq!(sorted(&rows, 3), expected);
    assert_eq!(sorted(&[], 0), []);
}

#[test]
fn what_does_not_fit_into_memory_goes_through_the_disk() {
    let rows: Vec<(u64, String)> = (0..50_000_u64)
        .map(|row| (row, format!("{:07}", row * 7_919 % 10_007)))
        .collect();
    let mut expected = rows.clone();
    expected.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    assert_eq!(sorted(&rows, 900), expected);
}
