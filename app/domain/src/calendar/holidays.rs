//! Public holidays of mainland China with their make-up working days (调休), as published by the State Council.
//!
//! Each year is the yearly notice 国务院办公厅关于部分节假日安排的通知, with its later changes: 2015-09-03 (victory day), the
//! longer Labour Day of 2019, the Spring Festival of 2020 prolonged to 02-02. Only notices that were read are here. For
//! other years nobody can know the arrangement: then only the statutory days with a fixed date count (`BASE_DAYS`),
//! without Spring Festival, Qingming, Dragon Boat and Mid-Autumn, and `is_published` says no.

use crate::calendar::{Day, WorkingDays};

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

/// Statutory days with a fixed date: New Year, Labour Day, National Day.
const BASE_DAYS: [u16; 5] = [101, 501, 1001, 1002, 1003];

/// Years that get at least the statutory days.
const BASE_YEARS: std::ops::RangeInclusive<i32> = 2000..=2060;

/// Whether the arrangement of a year is known in full.
pub fn is_published(year: i32) -> bool {
    NOTICES.iter().any(|notice| notice.year == year)
}

/// The working days of mainland China: Monday to Friday, less the holidays, plus the make-up days.
pub fn china() -> WorkingDays {
    let mut holidays = Vec::new();
    let mut made_up = Vec::new();
    for year in BASE_YEARS {
        match NOTICES.iter().find(|notice| notice.year == year) {
            None => holidays.extend(BASE_DAYS.iter().filter_map(|&date| day_of(year, date))),
            Some(notice) => {
                for &(first, last) in notice.off {
                    let (Some(first), Some(last)) = (day_of(year, first), day_of(year, last)) else {
                        continue;
                    };
                    holidays.extend((first.0..=last.0).map(Day));
                }
                made_up.extend(notice.work.iter().filter_map(|&date| day_of(year, date)));
            }
        }
    }
    WorkingDays::new(holidays, made_up)
}

/// The day of month × 100 + day.
fn day_of(year: i32, date: u16) -> Option<Day> {
    Day::from_ymd(
        year,
        u8::try_from(date / 100).ok()?,
        u8::try_from(date % 100).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_exists_and_make_up_days_are_weekend_days() {
        for notice in &NOTICES {
            for &(first, last) in notice.off {
                let (first, last) = (
                    day_of(notice.year, first).unwrap(),
                    day_of(notice.year, last).unwrap(),
                );
                assert!(first <= last && last.0 - first.0 < 10);
            }
            for &date in notice.work {
                let day = day_of(notice.year, date).unwrap();
                assert!(day.weekday() >= 6, "{day}");
                let off = notice
                    .off
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&date));
                assert!(!off, "{day}");
            }
        }
    }

    #[test]
    fn a_year_has_its_statutory_number_of_days_off() {
        // Days off on weekdays less make-up days are the statutory days, because those on a weekend are replaced: 11
        // until 2024, 13 since; victory day came on top in 2015, and in 2020 the Spring Festival was prolonged by a
        // weekday and its make-up Saturday dropped.
        let net = |year: i32| {
            let notice = NOTICES.iter().find(|notice| notice.year == year).unwrap();
            let weekdays = notice
                .off
                .iter()
                .flat_map(|(first, last)| {
                    let (first, last) = (day_of(year, *first).unwrap(), day_of(year, *last).unwrap());
                    (first.0..=last.0).map(Day)
                })
                .filter(|day| day.weekday() <= 5)
                .count();
            weekdays - notice.work.len()
        };
        let expected = [12, 11, 11, 11, 11, 13, 11, 11, 11, 11, 13, 13];
        assert_eq!((2015..=2026).map(net).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_spring_festival_of_2018() {
        let china = china();
        let day = |text: &str| Day::parse_iso(text).unwrap();
        for (date, working) in [
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
        ] {
            assert_eq!(china.is_working(day(date)), working, "{date}");
        }
        assert!(is_published(2018) && !is_published(2027));
        assert!(!china.is_working(day("2027-10-01")));
    }
}
