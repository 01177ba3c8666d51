//! Every kind of file people hand in by mistake or by malice, and every way a good one may be written.

mod workbook;

use std::io::Write as _;

use domain::format::Lang;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// What was read: the headings, and the rows below them with their numbers.
type Read = (Vec<String>, Vec<(u64, Vec<String>)>);

fn open(folder: &Path, name: &str, content: &[u8], reading: &Reading) -> Result<Table, FileProblem> {
    let path = folder.join("upload");
    std::fs::write(&path, content).unwrap();
    Table::open(&path, name, reading).map_err(of_file)
}

fn of_file(problem: Unreadable) -> FileProblem {
    match problem {
        Unreadable::File(problem) => problem,
        Unreadable::Disk(error) => panic!("{error}"),
    }
}

fn read_as(name: &str, content: impl AsRef<[u8]>, reading: &Reading) -> Result<Read, FileProblem> {
    let folder = tempfile::tempdir().unwrap();
    let table = open(folder.path(), name, content.as_ref(), reading)?;
    let mut rows = Vec::new();
    table
        .rows(&mut |row| {
            rows.push((row.number, row.to_cells()));
            ControlFlow::Continue(())
        })
        .map_err(of_file)?;
    Ok((table.header, rows))
}

fn read(name: &str, content: impl AsRef<[u8]>) -> Result<Read, FileProblem> {
    read_as(name, content, &Reading::default())
}

/// The cells of a file that must be readable.
fn cells(content: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    let (header, rows) = read("file.csv", content).unwrap();
    std::iter::once(header)
        .chain(rows.into_iter().map(|(_, cells)| cells))
        .collect()
}

fn described(content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), "file.csv", content, &Reading::default())
        .unwrap()
        .describe()
}

/// What is wrong with a file; in both languages, in words of their own.
fn problem(name: &str, content: impl AsRef<[u8]>) -> FileProblem {
    let problem = read(name, content).unwrap_err();
    let (zh, en) = (problem.words(Lang::ZhCn), problem.words(Lang::En));
    assert!(
        zh.chars().any(|letter| letter > '\u{4e00}') && en.is_ascii(),
        "{zh} {en}"
    );
    problem
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

fn small_workbook() -> Vec<u8> {
    workbook(|sheet| {
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(0, 1, "金额").unwrap();
        sheet.write(1, 0, "李静").unwrap();
        sheet.write(1, 1, 1_234.5).unwrap();
    })
}

/// An archive with these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in parts {
        archive.start_file(*name, deflated).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const TABLE: [[&str; 2]; 3] = [["姓名", "金额"], ["李静", "1"], ["周敏", "2"]];

fn table() -> Vec<Vec<String>> {
    TABLE.map(|row| row.map(str::to_owned).to_vec()).to_vec()
}

fn joined(delimiter: &str, end: &str) -> String {
    TABLE.map(|row| row.join(delimiter) + end).concat()
}

#[test]
fn delimiters_and_line_ends_are_recognised() {
    for (delimiter, name) in [(",", ","), (";", ";"), ("\t", "Tab"), ("|", "|")] {
        for end in ["\n", "\r\n"] {
            let text = joined(delimiter, end);
            assert_eq!(cells(&text), table(), "{delimiter:?} {end:?}");
            assert_eq!(described(text.as_bytes()), format!("UTF-8 [{name}]"));
        }
    }
    assert_eq!(
        cells(joined(",", "\n").trim_end()),
        table(),
        "without a last line end"
    );
    assert_eq!(cells("姓名\n李静\n"), [["姓名"], ["李静"]]);
    // A comma within cells of a file with semicolons is no delimiter.
    let german = "Name;Betrag\nA;1,50\nB;2,25\n";
    assert_eq!(cells(german)[1], ["A", "1,50"]);
}

#[test]
fn encodings_are_recognised_and_can_be_said() {
    let text = joined(",", "\n");
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    assert_eq!(cells(&marked), table());
    let wide = |order: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter()
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    };
    assert_eq!(cells(wide(u16::to_le_bytes, true)), table());
    assert_eq!(cells(wide(u16::to_be_bytes, true)), table());
    assert_eq!(described(&wide(u16::to_le_bytes, true)), "UTF-16LE [,]");
    let (gbk, ..) = encoding_rs::GBK.encode(&text);
    assert_eq!(cells(&gbk), table());
    assert_eq!(described(&gbk), "gb18030 [,]");
    // What is hard to guess can be said.
    let ascii: Vec<u8> = "name,sum\na,1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(cells(&ascii)[1], ["a", "1"], "UTF-16 without a mark");
    let said = Reading {
        encoding: Some(Asked::Gbk),
        sheet: None,
    };
    assert_eq!(read_as("file.csv", &gbk, &said).unwrap().0, TABLE[0]);
    let wrong = Reading {
        encoding: Some(Asked::Utf8),
        sheet: None,
    };
    assert!(matches!(
        read_as("file.csv", &gbk, &wrong),
        Err(FileProblem::Undecodable { row: 1, .. })
    ));
    let (western, ..) = encoding_rs::WINDOWS_1252.encode("name,city\nJosé,Köln\n");
    assert_eq!(cells(&western)[1], ["José", "Köln"]);
    // A wrong byte in marked UTF-8 is named with its row.
    let spoilt = [marked.as_slice(), b"\xff\xfe,1\n"].concat();
    assert!(matches!(
        problem("file.csv", spoilt),
        FileProblem::Undecodable { row: 4, .. }
    ));
}

#[test]
fn rows_are_estimated_alike_in_every_encoding() {
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
        let units = text.encode_utf16().flat_map(bytes);
        mark.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    let estimate = |content: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path(), "file.csv", content, &Reading::default())
            .unwrap()
            .rows_estimate
    };
    // A letter with a byte that is a line end elsewhere: 上 is U+4E0A, 愊 U+610A, Ċ U+010A, ਊ U+0A0A.
    for text in ["姓名,城市\n王,上海\n李,愊Ċਊ\n", "姓名,城市\r\n王,上海\r\n李,愊Ċਊ"] {
        assert_eq!(estimate(text.as_bytes()), 2, "{text:?}");
        for content in [
            wide(text, u16::to_le_bytes, b"\xff\xfe"),
            wide(text, u16::to_be_bytes, b"\xfe\xff"),
        ] {
            assert_eq!(estimate(&content), 2, "{text:?} {:?}", &content[..2]);
        }
    }
}

#[test]
fn quoted_cells_hold_delimiters_line_ends_and_quotation_marks() {
    let text = "name,note\n\"a, b\",\"line 1\nline 2\r\nline 3\"\n\"say \"\"hi\"\"\",5\" pipe\n";
    assert_eq!(
        cells(text)[1..],
        [
            ["a, b".to_owned(), "line 1\nline 2\r\nline 3".to_owned()],
            ["say \"hi\"".to_owned(), "5\" pipe".to_owned()]
        ]
    );
    // Rows are counted as spreadsheets count them, blank ones too.
    let (_, rows) = read("file.csv", "a,b\n1,\"x\ny\"\n,\n3,4\n").unwrap();
    let numbers: Vec<u64> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [2, 4]);
}

#[test]
fn other_files_are_named_by_their_content() {
    let disguised = |named: &str, found: &str| FileProblem::Disguised {
        named: named.to_owned(),
        found: found.to_owned(),
    };
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
    assert_eq!(problem("photo.csv", png), disguised("CSV", "PNG"));
    assert_eq!(
        problem("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        FileProblem::WrongType {
            found: "PDF".to_owned()
        }
    );
    assert_eq!(
        problem("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),
        FileProblem::WrongType {
            found: "XLS".to_owned()
        }
    );
    assert_eq!(
        problem("page.csv", "\u{feff} <!DOCTYPE html><html></html>"),
        disguised("CSV", "HTML")
    );
    assert_eq!(problem("data.txt", "{\"a\":1}"), disguised("TXT", "JSON"));
    assert_eq!(
        problem("data.csv", b"\x1f\x8b\x08\0\0\0\0\0"),
        disguised("CSV", "gzip")
    );
    assert!(matches!(
        problem("binary.csv", [0_u8, 7, 0, 9, 1, 0, 0, 0].repeat(100)),
        FileProblem::WrongType { .. }
    ));
    // A renamed table: text that calls itself a workbook is refused by what it is, a workbook is read whatever it is called.
    assert_eq!(problem("table.xlsx", joined(",", "\n")), disguised("XLSX", "CSV"));
    let (header, rows) = read("workbook.csv", small_workbook()).unwrap();
    assert_eq!(header, TABLE[0]);
    assert_eq!(rows, [(2, vec!["李静".to_owned(), "1234.5".to_owned()])]);
    // An archive that is no workbook.
    assert_eq!(
        problem("photos.xlsx", archive(&[("a.txt", b"hello")])),
        FileProblem::WrongType {
            found: "ZIP".to_owned()
        }
    );
}

#[test]
fn nothing_and_headings_alone_are_told_apart() {
    for nothing in ["", "\n\n", "\u{feff}", " , \n,,\n"] {
        assert_eq!(problem("empty.csv", nothing), FileProblem::Empty, "{nothing:?}");
    }
    for heading in ["姓名,金额", "姓名,金额\n", "姓名,金额\n,\n\n"] {
        assert_eq!(
            problem("heading.csv", heading),
            FileProblem::HeaderOnly,
            "{heading:?}"
        );
    }
    assert_eq!(problem("empty.xlsx", workbook(|_| {})), FileProblem::Empty);
    let heading = workbook(|sheet| {
        sheet.write(0, 0, "姓名").unwrap();
    });
    assert_eq!(problem("heading.xlsx", heading), FileProblem::HeaderOnly);
}

#[test]
fn a_file_that_was_cut_is_not_taken_for_whole() {
    let whole = "id,name,note\n1,a,x\n2,\"b\",\"long, quoted\ncell\"\n3,c,z\n";
    assert_eq!(cells(whole).len(), 4);
    let cut = |text: &str| problem("cut.csv", &whole[..whole.find(text).unwrap() + text.len()]);
    assert_eq!(cut("2,\"b"), FileProblem::OpenQuote { row: 3 });
    assert_eq!(cut("2,\"b\",\"long"), FileProblem::OpenQuote { row: 3 });
    assert_eq!(cut("quoted\n"), FileProblem::OpenQuote { row: 3 });
    assert_eq!(cut("\n2,"), FileProblem::CutOff { row: 3 });
    assert_eq!(cut("\n2,\"b\""), FileProblem::CutOff { row: 3 });
    assert_eq!(
        problem("cut.csv", "id,name\n1,\""),
        FileProblem::OpenQuote { row: 2 }
    );
    // Long cells, in which the end of the file falls into another piece of what is read at once.
    let long = format!("id,name\n1,\"{}", "x".repeat(300_000));
    assert_eq!(problem("cut.csv", &long), FileProblem::OpenQuote { row: 2 });
    assert_eq!(cells(format!("{long}\"")).len(), 2);
    // In the middle of a letter.
    let text = "姓名,金额\n李静,1\n周敏";
    let letters = &text.as_bytes()[..text.len() - 1];
    assert_eq!(problem("cut.csv", letters), FileProblem::CutOff { row: 3 });
    let marked = [b"\xef\xbb\xbf", letters].concat();
    assert_eq!(problem("cut.csv", marked), FileProblem::CutOff { row: 3 });

    let book = small_workbook();
    for part in [book.len() / 4, book.len() / 2, book.len() - 1] {
        assert_eq!(
            problem("cut.xlsx", &book[..part]),
            FileProblem::CutOff { row: 0 },
            "{part} bytes of {}",
            book.len()
        );
    }
}

#[test]
fn lines_and_columns_have_limits() {
    // One cell beyond the limit, in quotation marks or not; the file is read piece by piece.
    for quote in ["", "\""] {
        let text = format!("id,name\n1,{quote}{}", "x".repeat(ROW_BYTES + 1));
        assert_eq!(
            problem("long.csv", text),
            FileProblem::LineTooLong {
                row: 2,
                limit: ROW_BYTES as u64
            }
        );
    }
    let most = vec!["c"; COLUMNS].join(",");
    let (header, rows) = read("wide.csv", format!("{most}\n{most}\n")).unwrap();
    assert_eq!((header.len(), rows.len()), (COLUMNS, 1));
    assert!(matches!(
        problem("wide.csv", format!("{most},c\n1\n")),
        FileProblem::TooManyColumns { .. }
    ));
    assert!(matches!(
        problem("wide.csv", format!("a\n{}\n", ",".repeat(5_000))),
        FileProblem::TooManyColumns { .. }
    ));
}

#[test]
fn a_line_without_an_end_is_read_piece_by_piece() {
    // Sixty times the limit, of which hardly anything lies on the disk: NUL bytes are no text; letters are too long.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("upload");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"id,name\n1,").unwrap();
    file.set_len(60 * ROW_BYTES as u64).unwrap();
    let problem = |name| of_file(Table::open(&path, name, &Reading::default()).unwrap_err());
    assert!(matches!(problem("zeros.csv"), FileProblem::WrongType { .. }));
    let letters = vec![b'x'; ROW_BYTES];
    let mut file = File::create(&path).unwrap();
    file.write_all(b"id,name\n1,").unwrap();
    for _ in 0..60 {
        file.write_all(&letters).unwrap();
    }
    assert!(matches!(
        problem("letters.csv"),
        FileProblem::LineTooLong { row: 2, .. }
    ));
}

#[test]
fn a_stray_zero_byte_spoils_its_row_only() {
    let (_, rows) = read("file.csv", "id,name\n1,a\0b\n2,c\n").unwrap();
    assert_eq!(rows[0].1, ["1", "a\0b"]);
    assert_eq!(rows[1].1, ["2", "c"]);
}
