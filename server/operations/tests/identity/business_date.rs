//! Which day is today.

use domain::access::Role;
use domain::calendar::Day;
use domain::people::BusinessDateSource;
use operations::Database;

use crate::{PASSWORD, add, code, set_up};

#[tokio::test]
async fn business_date_is_the_first_that_says_so() {
    kit::on_each(async |database: Database| {
        let (mut operations, owner, _) = set_up(database).await;
        let chosen = Day::from_ymd(2018, 2, 15).unwrap();
        let clock = operations.me(&owner).await.unwrap().business_date;
        assert_eq!(clock.source, BusinessDateSource::Clock);
        assert_eq!(clock.day, operations::clock::today_in("Asia/Shanghai"));
        let head = operations.last_event(&owner).await.unwrap();
        let set = operations.set_business_date(&owner, Some(chosen)).await.unwrap();
        assert_eq!((set.day, set.source), (chosen, BusinessDateSource::Chosen));
        let events = operations.events_since(&owner, head).await.unwrap();
        assert_eq!(events[0].event, domain::event::Event::BusinessDateChanged);
        assert_eq!(operations.business_date(&owner).await.unwrap(), chosen);
        assert_eq!(
            code(operations.set_business_date(&owner, Some(Day(-1))).await),
            "bad_day"
        );

        operations.today = Some(chosen.plus(1));
        assert_eq!(operations.business_date(&owner).await.unwrap(), chosen.plus(1));
        assert_eq!(
            code(operations.set_business_date(&owner, None).await),
            "business_date_fixed"
        );
        operations.today = None;
        add(&operations, &owner, "rep@haiyue.example", Role::Rep).await;
        let session = operations
            .sign_in("rep@haiyue.example", PASSWORD, None)
            .await
            .unwrap();
        let rep = operations.scope_of_session(&session.token).await.unwrap().scope;
        assert_eq!(code(operations.set_business_date(&rep, None).await), "not_found");
        operations.set_business_date(&owner, None).await.unwrap();
        assert_eq!(operations.business_date(&owner).await.unwrap(), clock.day);

        let lines = operations.audit(&owner, None, 500).await.unwrap();
        assert!(
            lines
                .iter()
                .any(|line| line.verb == "organization.set_business_date" && line.actor_name == "沈亦舟")
        );
        assert!(
            lines
                .iter()
                .all(|line| !line.detail.contains(PASSWORD) && !line.detail.contains("argon2"))
        );
    })
    .await;
}
