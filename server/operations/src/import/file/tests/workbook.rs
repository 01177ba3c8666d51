//! Workbooks: what shows is what is read, and what would harm is refused.

use super::*;

#[test]
fn workbooks_are_read_as_they_show() {
    let book = workbook(|sheet| {
        let day = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2017, 3, 1).unwrap();
        for (column, heading) in ["编号", "日期", "金额", "备注"].into_iter().enumerate() {
            sheet.write(2, column as u16, heading).unwrap();
        }
        sheet.write(4, 0, 61_161_660).unwrap();
        sheet.write_with_format(4, 1, &date, &day).unwrap();
        sheet.write(4, 2, 0.1 + 0.2).unwrap();
        sheet.write(4, 3, true).unwrap();
        sheet
            .write_formula(5, 2, rust_xlsxwriter::Formula::new("=1+1").set_result("2"))
            .unwrap();
    });
    let (header, rows) = read("book.xlsx", &book).unwrap();
    assert_eq!(header, ["编号", "日期", "金额", "备注"]);
    assert_eq!(
        rows,
        [
            (
                5,
                ["61161660", "2017-03-01", "0.3", "TRUE"]
                    .map(str::to_owned)
                    .to_vec()
            ),
            (6, vec![String::new(), String::new(), "2".to_owned()])
        ]
    );
}

#[test]
fn a_sheet_is_chosen_by_name_or_the_first_with_something_in_it() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("说明").unwrap();
    for (name, cell) in [("2017", "a"), ("2018", "b")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write(0, 0, "name").unwrap();
        sheet.write(1, 0, cell).unwrap();
    }
    let book = book.save_to_buffer().unwrap();
    assert_eq!(read("book.xlsx", &book).unwrap().1[0].1, ["a"]);
    let named = |name: &str| Reading {
        encoding: None,
        sheet: Some(name.to_owned()),
    };
    assert_eq!(read_as("book.xlsx", &book, &named("2018")).unwrap().1[0].1, ["b"]);
    assert_eq!(
        read_as("book.xlsx", &book, &named("2019")).unwrap_err(),
        FileProblem::NoSheet {
            name: "2019".to_owned(),
            sheets: ["说明", "2017", "2018"].map(str::to_owned).to_vec()
        }
    );
}

#[test]
fn far_cells_do_not_make_a_table_of_sixteen_thousand_columns() {
    let far = |row: u32, column: u16| {
        workbook(|sheet| {
            sheet.write(0, 0, "name").unwrap();
            sheet.write(1, 0, "a").unwrap();
            sheet.write(row, column, "x").unwrap();
        })
    };
    assert_eq!(
        problem("far.xlsx", far(1_048_575, 16_383)),
        FileProblem::FarCell {
            row: 1_048_576,
            column: 16_384
        }
    );
    // The last row alone is far, but no trouble.
    let (_, rows) = read("far.xlsx", far(1_048_575, 0)).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].0, 1_048_576);
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let workbook: (&str, &[u8]) = ("xl/workbook.xml", b"<workbook/>");
    // By ratio: sixteen megabytes of zeros in sixteen kilobytes; whatever the part is called.
    let zeros = vec![b' '; 16 << 20];
    for name in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.dat"] {
        let bomb = archive(&[workbook, (name, &zeros)]);
        assert!(bomb.len() < 64 << 10);
        assert_eq!(problem("bomb.xlsx", bomb), FileProblem::Bomb, "{name}");
    }
    // By the size of the texts, which are held in memory: spread so thinly that the ratio alone would let them pass.
    let mut texts = Vec::with_capacity(70 << 20);
    let mut noise = 1_u64;
    while texts.len() < 70 << 20 {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        texts.extend_from_slice(b"<si><t>");
        texts.extend_from_slice(format!("{noise:x}").as_bytes());
        texts.extend_from_slice(&[b' '; 600]);
        texts.extend_from_slice(b"</t></si>");
    }
    let bomb = archive(&[workbook, ("xl/sharedStrings.xml", &texts)]);
    assert!((texts.len() / bomb.len()) < 200);
    assert_eq!(problem("bomb.xlsx", bomb), FileProblem::Bomb);
    // By the number of parts.
    let mut many = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for number in 0..10_001 {
        many.start_file(format!("xl/{number}.xml"), stored).unwrap();
    }
    assert_eq!(
        problem("bomb.xlsx", many.finish().unwrap().into_inner()),
        FileProblem::Bomb
    );
    // By one text without an end.
    let line = vec![b'x'; ROW_BYTES + 100];
    let long = archive(&[workbook, ("xl/worksheets/sheet1.xml", &line)]);
    assert!(matches!(
        problem("long.xlsx", long),
        FileProblem::Bomb | FileProblem::LineTooLong { row: 0, .. }
    ));
    // By a number of texts that are not there: a parser would reserve memory for them.
    let announced = b"<sst uniqueCount=\"4000000000\"><si/></sst>";
    let liar = archive(&[workbook, ("xl/sharedStrings.xml", announced)]);
    assert_eq!(problem("liar.xlsx", liar), FileProblem::CutOff { row: 0 });
}
