//! Where a period will land: booked, open and not yet created deals, with an interval and the chance to reach the target.
