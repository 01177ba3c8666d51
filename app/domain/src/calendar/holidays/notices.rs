//! The former hand-kept notices, read from 国务院办公厅关于部分节假日安排的通知 of each year with its later changes (2015-09-03, the
//! longer Labour Day of 2019, the Spring Festival of 2020 prolonged to 02-02): what the made table is held against.

use super::*;

/// One year's notice: days off and make-up working days, as month × 100 + day; a pair is a range, both ends included.
struct Notice {
    year: i32,
    off: &'static [(u16, u16)],
    work: &'static [u16],
}

const NOTICES: [Notice; 12] = [
    Notice {
        year: 2015,
        off: &[
            (101, 103),
            (218, 224),
            (405, 406),
            (501, 501),
            (620, 620),
            (622, 622),
            (903, 905),
            (927, 927),
            (1001, 1007),
        ],
        work: &[104, 215, 228, 906, 1010],
    },
    Notice {
        year: 2016,
        off: &[
            (101, 101),
            (207, 213),
            (404, 404),
            (501, 502),
            (609, 611),
            (915, 917),
            (1001, 1007),
        ],
        work: &[206, 214, 612, 918, 1008, 1009],
    },
    Notice {
        year: 2017,
        off: &[
            (101, 102),
            (127, 202),
            (402, 404),
            (501, 501),
            (528, 530),
            (1001, 1008),
        ],
        work: &[122, 204, 401, 527, 930],
    },
    Notice {
        year: 2018,
        off: &[
            (101, 101),
            (215, 221),
            (405, 407),
            (429, 501),
            (618, 618),
            (924, 924),
            (1001, 1007),
            (1230, 1231),
        ],
        work: &[211, 224, 408, 428, 929, 930, 1229],
    },
    Notice {
        year: 2019,
        off: &[
            (101, 101),
            (204, 210),
            (405, 405),
            (501, 504),
            (607, 607),
            (913, 913),
            (1001, 1007),
        ],
        work: &[202, 203, 428, 505, 929, 1012],
    },
    Notice {
        year: 2020,
        off: &[
            (101, 101),
            (124, 202),
            (404, 406),
            (501, 505),
            (625, 627),
            (1001, 1008),
        ],
        work: &[119, 426, 509, 628, 927, 1010],
    },
    Notice {
        year: 2021,
        off: &[
            (101, 103),
            (211, 217),
            (403, 405),
            (501, 505),
            (612, 614),
            (919, 921),
            (1001, 1007),
        ],
        work: &[207, 220, 425, 508, 918, 926, 1009],
    },
    Notice {
        year: 2022,
        off: &[
            (101, 103),
            (131, 206),
            (403, 405),
            (430, 504),
            (603, 605),
            (910, 912),
            (1001, 1007),
            (1231, 1231),
        ],
        work: &[129, 130, 402, 424, 507, 1008, 1009],
    },
    Notice {
        year: 2023,
        off: &[
            (101, 102),
            (121, 127),
            (405, 405),
            (429, 503),
            (622, 624),
            (929, 1006),
        ],
        work: &[128, 129, 423, 506, 625, 1007, 1008],
    },
    Notice {
        year: 2024,
        off: &[
            (101, 101),
            (210, 217),
            (404, 406),
            (501, 505),
            (610, 610),
            (915, 917),
            (1001, 1007),
        ],
        work: &[204, 218, 407, 428, 511, 914, 929, 1012],
    },
    Notice {
        year: 2025,
        off: &[
            (101, 101),
            (128, 204),
            (404, 406),
            (501, 505),
            (531, 602),
            (1001, 1008),
        ],
        work: &[126, 208, 427, 928, 1011],
    },
    Notice {
        year: 2026,
        off: &[
            (101, 103),
            (215, 223),
            (404, 406),
            (501, 505),
            (619, 621),
            (925, 927),
            (1001, 1007),
        ],
        work: &[104, 214, 228, 509, 920, 1010],
    },
];

fn day_of(year: i32, date: u16) -> Day {
    Day::from_ymd(year, (date / 100) as u8, (date % 100) as u8).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

#[test]
fn the_made_table_says_what_the_notices_say() {
    let china = china();
    for notice in &NOTICES {
        let off: Vec<Day> = notice
            .off
            .iter()
            .flat_map(|(first, last)| (day_of(notice.year, *first).0..=day_of(notice.year, *last).0).map(Day))
            .collect();
        let work: Vec<Day> = notice
            .work
            .iter()
            .map(|date| day_of(notice.year, *date))
            .collect();
        for offset in day_of(notice.year, 101).0..=day_of(notice.year, 1231).0 {
            let day = Day(offset);
            let expected = work.contains(&day) || (day.weekday() <= 5 && !off.contains(&day));
            assert_eq!(china.is_working(day), expected, "{day}");
        }
    }
}

#[test]
fn a_year_has_its_statutory_number_of_days_off() {
    // Days off on weekdays less make-up days are the statutory days, because those on a weekend are replaced: 11 until
    // 2024, 13 since; victory day came on top in 2015, and in 2020 the Spring Festival was prolonged by a weekday and its
    // make-up Saturday dropped. A make-up day on 2011-12-31 belongs to the New Year of 2012.
    let table = Table::parse(CHINA).unwrap();
    let net = |year: i32| {
        let days = table.days().filter(|(day, _)| day.ymd().0 == year);
        days.map(|(_, kind)| if kind == DayKind::Off { 1 } else { -1 })
            .sum::<i32>()
    };
    let expected = [11, 10, 12, 11, 11, 12, 11, 11, 11, 11, 13, 11, 11, 11, 11, 13, 13];
    assert_eq!((2010..=2026).map(net).collect::<Vec<_>>(), expected);
}

#[test]
fn the_committed_table_is_what_is_used() {
    let table = Table::parse(CHINA).unwrap();
    assert_eq!(table, *PUBLISHED);
    assert!(
        table
            .days()
            .all(|(day, kind)| (day.weekday() <= 5) == (kind == DayKind::Off))
    );
    let lines: Vec<&str> = CHINA.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.is_sorted(), "made lines are in order");
    assert_eq!(lines.len(), table.days().count());
    let china = china();
    for (day, kind) in table.days() {
        assert_eq!(china.is_working(day), kind == DayKind::Work, "{day}");
    }
    for year in 2010..=2026 {
        assert!(is_published(year), "{year}");
    }
    assert!(!is_published(2009) && !is_published(2027));
}

#[test]
fn known_days() {
    let china = china();
    for (date, working) in [
        ("2010-02-20", true),
        ("2018-02-11", true),
        ("2018-02-14", true),
        ("2018-02-15", false),
        ("2018-02-21", false),
        ("2018-02-22", true),
        ("2018-02-24", true),
        ("2018-02-25", false),
        ("2020-01-31", false),
        ("2020-02-01", false),
        ("2020-02-03", true),
        ("2024-02-04", true),
        ("2025-01-26", true),
        ("2025-01-28", false),
        // Not published: the statutory days only.
        ("2027-10-01", false),
        ("2027-02-08", true),
        ("2009-05-01", false),
    ] {
        assert_eq!(china.is_working(day(date)), working, "{date}");
    }
}

#[test]
fn an_organization_adds_the_notice_of_a_new_year() {
    let notice = Table::parse("2027-02-08,off\n2027-02-07,work\n2027-10-01,work\n").unwrap();
    let china = china().with(&notice);
    for (date, working) in [
        ("2027-02-08", false),
        ("2027-02-07", true),
        ("2027-10-01", true),
        ("2027-10-04", true),
        ("2018-02-15", false),
    ] {
        assert_eq!(china.is_working(day(date)), working, "{date}");
    }
    let undone = Table::parse("2018-02-11,off\n").unwrap();
    assert!(!china.with(&undone).is_working(day("2018-02-11")));
}
