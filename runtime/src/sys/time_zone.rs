//! Civil time: the proleptic Gregorian calendar, and local time by the C library's time zone.
//!
//! Ranges and rounding are OTP's (`erl_time_sup.c`), oddities with large numbers included.

/// A second of a calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

const SECONDS_PER_DAY: i64 = 86_400;
const MONTH_DAYS: [i64; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// The earliest years that conversions accept: between local and universal time, and to seconds.
const LOCAL_FIRST_YEAR: i64 = 1902;
const SECONDS_FIRST_YEAR: i64 = 1600;
const LAST_YEAR: i64 = i32::MAX as i64 - 1;

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl Civil {
    fn is_valid_from(&self, first_year: i64) -> bool {
        (first_year..=LAST_YEAR).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=self.days_of_month()).contains(&self.day)
            && (0..=23).contains(&self.hour)
            && (0..=59).contains(&self.minute)
            && (0..=59).contains(&self.second)
    }
    fn days_of_month(&self) -> i64 {
        let leap_day = self.month == 2 && is_leap_year(self.year);
        MONTH_DAYS[self.month as usize] + i64::from(leap_day)
    }
    /// Days since 1970-01-01, from the year 1600 on.
    fn days(&self) -> i64 {
        let years = self.year - 1600;
        let mut days = match years {
            1.. => {
                let past = years - 1;
                past / 4 - past / 100 + past / 400 + past * 365 + 366
            }
            _ => 0,
        };
        days += MONTH_DAYS[..self.month as usize].iter().sum::<i64>();
        days += i64::from(is_leap_year(self.year) && self.month > 2);
        days + self.day - 1 - 135_140
    }
    fn since_1970(&self) -> i64 {
        self.second + 60 * (self.minute + 60 * (self.hour + 24 * self.days()))
    }
    fn of(tm: &libc::tm) -> Civil {
        Civil {
            year: i64::from(tm.tm_year) + 1900,
            month: i64::from(tm.tm_mon) + 1,
            day: i64::from(tm.tm_mday),
            hour: i64::from(tm.tm_hour),
            minute: i64::from(tm.tm_min),
            second: i64::from(tm.tm_sec),
        }
    }
}

/// Seconds since 1970 of a universal time.
pub fn seconds_of(civil: &Civil) -> Option<i64> {
    civil.is_valid_from(SECONDS_FIRST_YEAR).then(|| civil.since_1970())
}

/// The universal time of seconds since 1970, any number of them.
pub fn universal_of(seconds: i64) -> Civil {
    let days = seconds.div_euclid(SECONDS_PER_DAY) + 719_468;
    let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let day_of = |year: i64| days - (365 * year + year / 4 - year / 100 + year / 400);
    // The divisions round to zero, as C's.
    let mut year = (10_000 * days + 14_780) / 3_652_425;
    if day_of(year) < 0 {
        year -= 1;
    }
    let day = day_of(year);
    let month = (100 * day + 52) / 3060;
    Civil {
        year: year + (month + 2) / 12,
        month: (month + 2) % 12 + 1,
        day: day - (month * 306 + 5) / 10 + 1,
        hour: second_of_day / 3600,
        minute: second_of_day % 3600 / 60,
        second: second_of_day % 60,
    }
}

/// The local time of seconds since 1970.
pub fn local_of(seconds: i64) -> Option<Civil> {
    // SAFETY: all-zero is a valid tm; localtime_r writes it and keeps no pointer.
    unsafe {
        let mut tm: libc::tm = core::mem::zeroed();
        let done = !libc::localtime_r(&raw const seconds, &raw mut tm).is_null();
        done.then(|| Civil::of(&tm))
    }
}
/// The local time of a universal time.
pub fn local_of_universal(civil: &Civil) -> Option<Civil> {
    civil.is_valid_from(LOCAL_FIRST_YEAR).then(|| civil.since_1970()).and_then(local_of)
}

/// The universal time of a local time; `daylight_saving` settles the hour that exists twice.
pub fn universal_of_local(civil: &Civil, daylight_saving: Option<bool>) -> Option<Civil> {
    if !civil.is_valid_from(LOCAL_FIRST_YEAR) {
        return None;
    }
    let flag = daylight_saving.map_or(-1, i32::from);
    // Where the zone has no daylight saving, asking for it is as good as not asking.
    let seconds = mktime(civil, flag).or_else(|| (flag != 0).then(|| mktime(civil, 0))?)?;
    // SAFETY: all-zero is a valid tm; gmtime_r writes it and keeps no pointer.
    unsafe {
        let mut tm: libc::tm = core::mem::zeroed();
        let done = !libc::gmtime_r(&raw const seconds, &raw mut tm).is_null();
        done.then(|| Civil::of(&tm))
    }
}

fn mktime(civil: &Civil, daylight_saving: i32) -> Option<i64> {
    let at_second = |second: i64| {
        // SAFETY: all-zero is a valid tm; mktime normalizes it and keeps no pointer.
        unsafe {
            let mut tm: libc::tm = core::mem::zeroed();
            tm.tm_year = (civil.year - 1900) as i32;
            tm.tm_mon = (civil.month - 1) as i32;
            tm.tm_mday = civil.day as i32;
            tm.tm_hour = civil.hour as i32;
            tm.tm_min = civil.minute as i32;
            tm.tm_sec = second as i32;
            tm.tm_isdst = daylight_saving;
            libc::mktime(&raw mut tm)
        }
    };
    match at_second(civil.second) {
        // Failure, or the last second of 1969.
        -1 => (at_second(civil.second - 1) == -2).then_some(-1),
        seconds => Some(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn civil(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Civil {
        Civil { year, month, day, hour, minute, second }
    }

    #[test]
    fn seconds_and_dates_agree() {
        let known = [
            (0, civil(1970, 1, 1, 0, 0, 0)),
            (-1, civil(1969, 12, 31, 23, 59, 59)),
            (951_782_400, civil(2000, 2, 29, 0, 0, 0)),
            (4_102_444_799, civil(2099, 12, 31, 23, 59, 59)),
            (-11_676_096_000, civil(1600, 1, 1, 0, 0, 0)),
        ];
        for (seconds, date) in known {
            assert_eq!(seconds_of(&date), Some(seconds), "{date:?}");
            assert_eq!(universal_of(seconds), date);
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        assert_eq!(seconds_of(&civil(2023, 2, 29, 0, 0, 0)), None);
        assert_eq!(seconds_of(&civil(1599, 1, 1, 0, 0, 0)), None);
        assert_eq!(seconds_of(&civil(2023, 13, 1, 0, 0, 0)), None);
        assert_eq!(seconds_of(&civil(2023, 1, 1, 24, 0, 0)), None);
        assert_eq!(local_of_universal(&civil(1901, 12, 31, 0, 0, 0)), None);
    }

    #[test]
    fn local_time_goes_there_and_back() {
        let date = civil(2024, 6, 1, 12, 30, 15);
        let local = local_of_universal(&date).expect("a date of our times");
        assert_eq!(universal_of_local(&local, None), Some(date));
    }
}
