//! What people are asked before targets are set: a questionnaire about a metric and planned days, whom it was sent to, and
//! what they answered.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_questionnaire"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in UP {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const UP: [&str; 4] = [
    // The version is the one that was looked at when it was written. It may be taken back later: what people said stays, so
    // nothing refers to it.
    "CREATE TABLE questionnaire (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        metric_key text NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        version_id uuid,
        title text NOT NULL,
        introduction text NOT NULL,
        due_on integer NOT NULL,
        remind_days integer NOT NULL,
        questions text NOT NULL,
        audience text NOT NULL,
        status text NOT NULL,
        created_by text NOT NULL,
        created_at_ms bigint NOT NULL,
        sent_at_ms bigint,
        closed_at_ms bigint,
        PRIMARY KEY (organization_id, id)
    )",
    "CREATE TABLE questionnaire_member (
        organization_id uuid NOT NULL,
        questionnaire_id uuid NOT NULL,
        member_id uuid NOT NULL,
        reminded_on integer,
        PRIMARY KEY (organization_id, questionnaire_id, member_id),
        FOREIGN KEY (organization_id, questionnaire_id) REFERENCES questionnaire (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id)
    )",
    "CREATE INDEX questionnaire_of_member ON questionnaire_member (organization_id, member_id)",
    "CREATE TABLE questionnaire_answer (
        organization_id uuid NOT NULL,
        questionnaire_id uuid NOT NULL,
        member_id uuid NOT NULL,
        question integer NOT NULL,
        reply text NOT NULL,
        answered_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, questionnaire_id, member_id, question),
        FOREIGN KEY (organization_id, questionnaire_id, member_id)
            REFERENCES questionnaire_member (organization_id, questionnaire_id, member_id) ON DELETE CASCADE
    )",
];
