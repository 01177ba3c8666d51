//! `attain forecast`: series in, forecasts out, and every refusal by its place.

use std::fmt::Write;

use domain::calendar::{Day, Fiscal, PeriodKind};
use domain::forecast::effects::{Window, spring_festival_share};
use domain::statistics::Random;
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

/// Monthly sales of 2012 to 2025 with a season and 30 % less on the days around the Spring Festival; the last year is held
/// back.
fn with_festival() -> (String, Vec<f64>) {
    let window = Window { before: 7, after: 7 };
    let day = |text| Day::parse_iso(text).unwrap();
    let months = Fiscal::default().periods(PeriodKind::Month, day("2012-01-01"), day("2026-01-01"));
    let shares = spring_festival_share(&months, window).unwrap();
    let mut random = Random::new(3);
    let mut text = "id,period,value\n".to_owned();
    let mut held_back = Vec::new();
    for (place, (month, share)) in months.iter().zip(shares).enumerate() {
        let season = 1_000.0 + 100.0 * f64::from((place % 12) as u32);
        let value = season * (1.0 - 0.6 * share) * (1.0 + 0.01 * random.normal());
        if month.start < day("2025-01-01") {
            writeln!(text, "shop,{},{value:.2}", month.name).unwrap();
        } else {
            held_back.push(value);
        }
    }
    (text, held_back)
}

#[test]
fn a_calendar_halves_the_error_around_a_festival_that_moves() {
    let folder = tempfile::tempdir().unwrap();
    let (input, held_back) = with_festival();
    let error = |calendar: &[&str]| {
        let asked = [&["--season", "12", "--horizon", "12"][..], calendar, &["-"]].concat();
        let made = forecast(&folder, "C", &asked, &input);
        assert!(made.status.success(), "{}", err(&made));
        let text = out(&made);
        let means = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(2).unwrap().parse::<f64>().unwrap());
        // January and February are what the festival moves between.
        means
            .zip(&held_back)
            .take(2)
            .map(|(mean, value)| (mean - value).abs())
            .sum::<f64>()
    };
    let (without, with) = (error(&[]), error(&["--calendar", "cn"]));
    assert!(with < without / 2.0, "{with} with, {without} without");
    assert!((error(&["--calendar", "none"]) - without).abs() < 1e-9);
}

#[test]
fn a_calendar_needs_periods_with_dates() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--season", "1", "--horizon", "2", "--calendar", "cn", "-"];
    for input in [
        "A,1,2,3,4\nB,1,2,3,4\n",
        "id,period,value\nA,1,1\nA,2,2\nA,3,3\n",
        "id,period,value\nA,2017-03-01,1\nA,2017-03-02,2\nA,2017-03-04,3\n",
        "id,period,value\nA,2017-H1,1\nA,2017-H2,2\nA,2018-H1,3\n",
    ] {
        for (language, said) in [
            ("C", "--calendar needs weeks, months or quarters with their dates"),
            ("zh_CN.UTF-8", "--calendar 需要带日期的周、月或季周期"),
        ] {
            let made = forecast(&folder, language, &asked, input);
            assert_eq!(made.status.code(), Some(1), "{input}");
            assert_eq!(err(&made).matches(said).count(), 1, "{input}: {}", err(&made));
        }
    }
    for periods in [
        ["2017-W09", "2017-W10", "2017-W11"],
        ["2017-Q1", "2017-Q2", "2017-Q3"],
        ["2017-03-31", "2017-04-30", "2017-05-31"],
        ["2017-03-05", "2017-03-12", "2017-03-19"],
    ] {
        let rows: String = periods.iter().map(|period| format!("A,{period},5\n")).collect();
        let made = forecast(&folder, "C", &asked, &format!("id,period,value\n{rows}"));
        assert!(made.status.success(), "{periods:?}: {}", err(&made));
    }
    let late = "id,period,value\nA,2050-10,1\nA,2050-11,2\nA,2050-12,3\n";
    let made = forecast(&folder, "C", &asked, late);
    assert!(
        err(&made).contains("the Spring Festival of 2051 is not known"),
        "{}",
        err(&made)
    );
}

#[test]
fn ids_are_no_formulas_for_a_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--season", "1", "--horizon", "1", "-"];
    let input = "=cmd(),1,2,3\n+x,1,2,3\n@x,1,2,3\n-x,1,2,3\n-5,1,2,3\nplain,1,2,3\n";
    let made = forecast(&folder, "C", &asked, input);
    assert!(made.status.success(), "{}", err(&made));
    let text = out(&made);
    let ids: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(ids, ["'=cmd()", "'+x", "'@x", "'-x", "-5", "plain"]);
}

#[test]
fn semicolons_and_tabs_separate_as_commas_do() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--season", "1", "--horizon", "2", "-"];
    for input in [
        "id,period,value\n\"A;1\",2017-01,1\n\"A;1\",2017-02,2\n\"A;1\",2017-03,4\n",
        "V1,V2,V3,V4\nA;1,1,2,4\n",
    ] {
        let of = |input: &str| {
            let made = forecast(&folder, "C", &asked, input);
            assert!(made.status.success(), "{}", err(&made));
            out(&made)
        };
        let with_commas = of(input);
        assert_eq!(of(&input.replace(',', "\t")), with_commas);
        let other = input.replace("A;1", "A").replace("\"A\"", "A");
        assert_eq!(of(&other.replace(',', ";")), with_commas.replace("A;1", "A"));
    }
}
