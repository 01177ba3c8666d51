//! From letters to a tree, within limits, with errors that point at the character.

use cel::common::ast::SourceInfo;
use cel::parser::{Expression, ParseErrors, Parser};
use domain::metric::rule::{Part, RuleError, RuleProblem};

use super::{MAX_CHARACTERS, MAX_DEPTH};

/// Errors after which the parser stops looking for more: the first is shown.
const RECOVERIES: u32 = 3;

/// A tree and where each node was written.
pub(super) struct Read {
    pub(super) expression: Expression,
    pub(super) places: SourceInfo,
}

/// Reads an expression.
pub(super) fn read(part: Part, source: &str) -> Result<Read, RuleError> {
    let error = |at: usize, length: usize, problem: RuleProblem| RuleError {
        part,
        at: at as u32,
        length: length.max(1) as u32,
        problem,
    };
    let count = source.chars().count();
    if source.trim().is_empty() {
        return Err(error(0, count, RuleProblem::Empty));
    }
    if count > MAX_CHARACTERS {
        let problem = RuleProblem::TooLong {
            limit: MAX_CHARACTERS as u32,
        };
        return Err(error(MAX_CHARACTERS, count - MAX_CHARACTERS, problem));
    }
    let parser = Parser::new()
        .max_recursion_depth(MAX_DEPTH)
        .error_recovery_limit(RECOVERIES);
    match parser.parse_with_source_info(source) {
        Ok((expression, places)) => Ok(Read { expression, places }),
        Err(errors) => {
            let (at, problem) = first(source, &errors);
            let length = match &problem {
                RuleProblem::Syntax { found } => found.chars().count(),
                _ => 1,
            };
            Err(error(at, length, problem))
        }
    }
}

/// Where the first error lies, and what it is in our words: the parser's are English.
fn first(source: &str, errors: &ParseErrors) -> (usize, RuleProblem) {
    // An incomplete node is reported at its beginning, the token that broke it where it stands: that one is meant.
    let told = errors
        .errors
        .iter()
        .find(|error| error.msg.starts_with("Syntax error"))
        .or(errors.errors.first());
    let at = told.map_or(0, |error| offset(source, error.pos));
    if told.is_some_and(|error| error.msg.contains("Recursion limit")) {
        let limit = u32::from(MAX_DEPTH);
        return (at, RuleProblem::TooDeep { limit });
    }
    let token = token(source, at);
    if token.is_empty() {
        (at, RuleProblem::Unfinished)
    } else {
        (at, RuleProblem::Syntax { found: token })
    }
}

/// The character of a line and a column, both from 1, at most the end.
fn offset(source: &str, (line, column): (isize, isize)) -> usize {
    let before = usize::try_from(line - 1).unwrap_or(0);
    let lines = source.split_inclusive('\n').take(before);
    let start: usize = lines.map(|line| line.chars().count()).sum();
    let column = usize::try_from(column - 1).unwrap_or(0);
    (start + column).min(source.chars().count())
}

/// What stands at a character: a word or number as a whole, else the sign.
fn token(source: &str, at: usize) -> String {
    let word = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    let mut rest = source.chars().skip(at).peekable();
    match rest.peek() {
        Some(letter) if word(letter) => rest.take_while(|letter| word(letter)).take(40).collect(),
        Some(letter) => letter.to_string(),
        None => String::new(),
    }
}
