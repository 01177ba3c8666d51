//! Which member a user is.

use domain::access::Role;
use domain::people::MemberInput;
use operations::{Database, NewUser};

use crate::{PASSWORD, member, operations};

#[tokio::test]
async fn users_are_the_member_of_their_address_or_name() {
    kit::on_each(async |database: Database| {
        let (operations, system) = operations(database.clone()).await;
        let sign_in = async |email: &str, name: &str| {
            let new = NewUser {
                email: email.to_owned(),
                name: name.to_owned(),
                role: Role::Rep,
                password: PASSWORD.to_owned(),
                member: None,
                language: None,
            };
            operations.create_user(&system, new).await.unwrap();
            let session = operations.sign_in(email, PASSWORD, None).await.unwrap();
            session.token
        };
        let member_of = async |token: &str| operations.scope_of_session(token).await.unwrap().scope.member;
        // The user first, the member later: known from then on.
        let early = sign_in("early@test.example", "Darcel Schlecht").await;
        assert_eq!(member_of(&early).await, None);
        let darcel = operations
            .create_member(&system, member("Darcel Schlecht"))
            .await
            .unwrap();
        assert_eq!(member_of(&early).await, Some(darcel));
        // The member first; the address goes before the name.
        let by_name = operations.create_member(&system, member("王琳")).await.unwrap();
        let addressed = MemberInput {
            email: Some("lin@test.example".to_owned()),
            ..member("王琳")
        };
        let by_address = operations.create_member(&system, addressed).await.unwrap();
        let lin = sign_in("lin@test.example", "王琳").await;
        assert_eq!(member_of(&lin).await, Some(by_address));
        // Hers is taken; of the name one is left.
        let other = sign_in("other@test.example", "王琳").await;
        assert_eq!(member_of(&other).await, Some(by_name));
        let third = sign_in("third@test.example", "王琳").await;
        assert_eq!(member_of(&third).await, None);
        // Of two with the name it is neither.
        for _ in 0..2 {
            operations.create_member(&system, member("李静")).await.unwrap();
        }
        let twin = sign_in("twin@test.example", "李静").await;
        assert_eq!(member_of(&twin).await, None);

        let writer = database.writer().await.unwrap();
        store::member::remove(&writer, &system, &[by_address])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            member_of(&lin).await,
            None,
            "nobody any more, and still signed in"
        );
    })
    .await;
}
