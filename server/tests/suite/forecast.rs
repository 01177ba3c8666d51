//! `attain forecast`: series in, forecasts out, and every refusal by its place.

use std::fmt::Write;

use tempfile::TempDir;

use crate::command_line::{err, out, run};

fn forecast(folder: &TempDir, language: &str, arguments: &[&str], input: &str) -> std::process::Output {
    run(
        folder.path(),
        language,
        &[&["forecast"][..], arguments].concat(),
        input,
    )
}

/// Monthly series of differing lengths as the M competitions publish them: quoted, with a heading, blank after the end.
fn competition() -> String {
    let mut text = "\"V1\"".to_owned();
    for column in 2..=90 {
        write!(text, ",\"V{column}\"").unwrap();
    }
    for series in 1..=30_u32 {
        write!(text, "\n\"M{series}\"").unwrap();
        let length = 20 + 2 * series;
        for month in 0..89 {
            let value = 1_000 + 30 * (month % 12) + series * month % 17;
            if month < length {
                write!(text, ",{value}.5").unwrap();
            } else {
                text.push(',');
            }
        }
    }
    text.push('\n');
    text
}

#[test]
fn a_competition_file_gives_the_same_forecasts_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monthly.csv");
    std::fs::write(&file, competition()).unwrap();
    let path = file.to_str().unwrap();
    let of = |jobs| {
        let asked = [
            "--season",
            "12",
            "--horizon",
            "18",
            "--levels",
            "80,95",
            "--jobs",
            jobs,
            path,
        ];
        forecast(&folder, "C", &asked, "")
    };
    let (one, four) = (of("1"), of("4"));
    assert!(one.status.success(), "{}", err(&one));
    assert_eq!(out(&one), out(&four));
    let text = out(&one);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,step,mean,lo80,hi80,lo95,hi95"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 30 * 18);
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(
            (row[0], row[1]),
            (&*format!("M{}", place / 18 + 1), &*(place % 18 + 1).to_string())
        );
        let numbers: Vec<f64> = row[2..].iter().map(|cell| cell.parse().unwrap()).collect();
        let [mean, lo80, hi80, lo95, hi95] = numbers[..] else {
            panic!("{row:?}")
        };
        assert!(
            lo95 <= lo80 && lo80 <= mean && mean <= hi80 && hi80 <= hi95,
            "{row:?}"
        );
        assert!((500.0..2_000.0).contains(&mean), "{row:?}");
    }
}

#[test]
fn rows_of_values_come_in_any_order_and_from_the_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows: Vec<String> = (0..36)
        .flat_map(|month| {
            let (year, part) = (2015 + month / 12, month % 12 + 1);
            [
                format!("north,{year}-{part:02},{}", 100 + 10 * (month % 12)),
                format!("south,{year}-{part:02}-01,{}", 200 + month),
            ]
        })
        .collect();
    // A month in the middle is missing, and the order is another.
    rows.remove(20);
    rows.reverse();
    rows.swap(3, 40);
    let input = format!("id,period,value\n{}\n", rows.join("\n"));
    let asked = ["--season", "12", "--horizon", "12", "--levels", "90", "-"];
    let made = forecast(&folder, "C", &asked, &input);
    assert!(made.status.success(), "{}", err(&made));
    let text = out(&made);
    let ids: Vec<&str> = text
        .lines()
        .skip(1)
        .step_by(12)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    // The reversed list starts in the south.
    assert_eq!(ids, ["south", "north"]);
    assert!(text.starts_with("id,step,mean,lo90,hi90\n"), "{text}");
    let sorted = {
        let mut rows = rows.clone();
        rows.sort();
        rows.reverse();
        format!("id,period,value\n{}\n", rows.join("\n"))
    };
    assert_eq!(out(&forecast(&folder, "C", &asked, &sorted)), text);
}

#[test]
fn what_is_wrong_is_named_and_the_rest_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--season", "1", "--horizon", "2", "-"];
    let wide = "A,1,2,3,4\nB,1,two,3\nA,5,6\n,7\nC,4,,NA,5,\nD,,\n";
    let made = forecast(&folder, "C", &asked, wide);
    assert_eq!(made.status.code(), Some(1));
    let ids: Vec<String> = out(&made)
        .lines()
        .skip(1)
        .map(|line| line[..1].to_owned())
        .collect();
    assert_eq!(ids, ["A", "A", "C", "C"]);
    for said in [
        "line 2, column 3, series \"B\": \"two\"",
        "line 3, column 1, series \"A\": the series was on line 1 already",
        "line 4, column 1: there is no id",
        "line 6, series \"D\": ",
        "error: Refused: 4. Series forecast: 2.",
    ] {
        assert!(err(&made).contains(said), "{said}: {}", err(&made));
    }

    let long = "id,period,value\nA,2017-Q1,1\nA,2017-Q2,2\nB,2017-Q1,5\nA,2017-Q1,3\nB,2017-05,5\nC,soon,1\nD,2017,x\nE\nF,1,1\nF,2,2\n";
    let made = forecast(&folder, "zh_CN.UTF-8", &asked, long);
    assert_eq!(made.status.code(), Some(1));
    assert!(
        out(&made).lines().skip(1).all(|line| line.starts_with("F,")),
        "{}",
        out(&made)
    );
    for said in [
        "第 5 行，序列“A”：与第 2 行是同一周期",
        "第 6 行，第 2 列，序列“B”：“2017-05”",
        "第 7 行，第 2 列，序列“C”：“soon”",
        "第 8 行，第 3 列，序列“D”：“x”",
        "第 9 行，序列“E”",
        "错误：拒绝了 5 处，已写出 1 个序列的预测",
    ] {
        assert!(err(&made).contains(said), "{said}: {}", err(&made));
    }
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let endless = format!("A,1,2,3\nB,\"{}", "1".repeat(6 * 1024 * 1024));
    for (input, said) in [
        ("", "There is no value in the file"),
        ("id,V2\n", "Series forecast: 0"),
        ("id,value\nA,1\n", "lacks the column period"),
        (
            "id,period,value\nA,1,1\nA,1000000000000,1\n",
            "at most 100000 periods",
        ),
        (
            "id,period,value\nA,-9223372036854775808,1\nA,9223372036854775807,1\n",
            "at most 100000 periods",
        ),
        ("A,1e308,1.7e308,-1.7e308\n", "too large"),
        (endless.as_str(), "line 2: a line of more than"),
    ] {
        let made = forecast(&folder, "C", &["--season", "1", "--horizon", "3", "-"], input);
        assert_eq!(made.status.code(), Some(1), "{said}");
        assert!(err(&made).contains(said), "{said}: {}", err(&made));
    }
    for (arguments, said) in [
        (
            &["--season", "12", "--horizon", "3", "nowhere.csv"][..],
            "nowhere.csv",
        ),
        (&["--season", "0", "--horizon", "3", "-"], "--season"),
        (&["--season", "12", "--horizon", "0", "-"], "--horizon"),
        (
            &["--season", "12", "--horizon", "3", "--levels", "80,100", "-"],
            "0 < PERCENT < 100",
        ),
        (
            &["--season", "12", "--horizon", "3", "--levels", "80,80", "-"],
            "80",
        ),
        (
            &["--season", "12", "--horizon", "3", "--jobs", "0", "-"],
            "--jobs",
        ),
        (&["--horizon", "3", "-"], "--season"),
    ] {
        for language in ["C", "zh_CN.UTF-8"] {
            let made = forecast(&folder, language, arguments, "");
            assert!(!made.status.success(), "{arguments:?}");
            assert!(err(&made).contains(said), "{arguments:?}: {}", err(&made));
        }
    }
    let help = forecast(&folder, "zh_CN.UTF-8", &["--help"], "");
    assert!(
        out(&help).contains("用法") && out(&help).contains("--horizon"),
        "{}",
        out(&help)
    );
}
