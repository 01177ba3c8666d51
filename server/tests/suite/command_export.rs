//! `attain export`.

use crate::command_line::{err, out, run};

#[test]
fn the_plan_of_record_goes_to_a_file_or_to_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("data");
    let file = folder.path().join("plan.xlsx");
    let path = file.to_str().unwrap();
    let export =
        |language: &str, arguments: &[&str]| run(&home, language, &[&["export"][..], arguments].concat(), "");
    // Nothing is there yet: it is said, and no file is made.
    assert!(run(&home, "C", &["migrate"], "").status.success());
    for (language, says) in [("C", "error: "), ("zh_CN.UTF-8", "错误：")] {
        let none = export(language, &[path]);
        assert_eq!(none.status.code(), Some(1));
        assert!(err(&none).starts_with(says), "{}", err(&none));
    }
    assert!(!file.exists());

    let loaded = run(&home, "C", &["demo", "load"], "");
    assert!(loaded.status.success(), "{}", err(&loaded));
    let written = export("C", &[path]);
    assert!(written.status.success(), "{}", err(&written));
    assert!(
        out(&written).contains(path) && out(&written).contains("kB"),
        "{}",
        out(&written)
    );
    let bytes = std::fs::read(&file).unwrap();
    assert!(
        bytes.starts_with(b"PK\x03\x04") && bytes.len() > 5_000,
        "{}",
        bytes.len()
    );

    // To the output goes the workbook and nothing else.
    let piped = export("zh_CN.UTF-8", &["-"]);
    assert!(piped.status.success(), "{}", err(&piped));
    assert!(piped.stdout.starts_with(b"PK\x03\x04") && piped.stdout.len() > 5_000);

    // What is there is not overwritten unasked.
    std::fs::write(&file, "mine").unwrap();
    let again = export("zh_CN.UTF-8", &[path]);
    assert!(
        !again.status.success() && err(&again).contains("--force"),
        "{}",
        err(&again)
    );
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    let forced = export("zh_CN.UTF-8", &["--force", path]);
    assert!(forced.status.success(), "{}", err(&forced));
    assert!(out(&forced).starts_with("已导出"), "{}", out(&forced));
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK\x03\x04"));

    // It comes back by the door it was made for, not among imports.
    let imported = run(&home, "C", &["import", path], "");
    assert!(!imported.status.success());
    assert!(err(&imported).contains("Update from Excel"), "{}", err(&imported));
}

#[test]
fn a_version_is_named_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("data");
    assert!(run(&home, "C", &["demo", "load"], "").status.success());
    let export =
        |language: &str, arguments: &[&str]| run(&home, language, &[&["export"][..], arguments].concat(), "");
    for (language, version, says) in [
        ("C", "00000000-0000-0000-0000-000000000001", "Not found: version"),
        ("zh_CN.UTF-8", "00000000-0000-0000-0000-000000000001", "找不到"),
        ("C", "v1", "--version"),
        ("zh_CN.UTF-8", "v1", "无效"),
    ] {
        let refused = export(language, &["--version", version, "-"]);
        assert!(!refused.status.success() && refused.stdout.is_empty());
        assert!(err(&refused).contains(says), "{}", err(&refused));
    }
    let nowhere = folder.path().join("no/such/folder/plan.xlsx");
    let refused = export("C", &[nowhere.to_str().unwrap()]);
    assert!(!refused.status.success());
    assert!(err(&refused).contains("cannot be written"), "{}", err(&refused));
    assert!(!export("C", &[]).status.success(), "a file is named");
}
