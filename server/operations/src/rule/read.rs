//! From letters to a tree, within limits, with errors that point at the character.

use cel::common::ast::SourceInfo;
use cel::parser::{Expression, ParseErrors, Parser};
use domain::metric::rule::{Part, RuleError, RuleProblem};

use super::{MAX_CHARACTERS, MAX_DEPTH};

/// Errors after which the parser stops looking for more: the first is shown.
const RECOVERIES: u32 = 3;

/// What the parser says of numbers that it cannot hold.
const NUMBERS: [&str; 3] = [
    "invalid int literal",
    "invalid uint literal",
    "invalid double literal",
];

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
            let (at, length, problem) = first(source, &errors);
            Err(error(at, length, problem))
        }
    }
}

/// Where the first error lies, how long it is, and what it is in our words: the parser's are English.
fn first(source: &str, errors: &ParseErrors) -> (usize, usize, RuleProblem) {
    // An incomplete node is reported at its beginning, the token that broke it where it stands: that one is meant.
    let told = errors
        .errors
        .iter()
        .find(|error| error.msg.starts_with("Syntax error"))
        .or(errors.errors.first());
    let at = told.map_or(0, |error| offset(source, error.pos));
    if told.is_some_and(|error| error.msg.contains("Recursion limit")) {
        let limit = u32::from(MAX_DEPTH);
        return (at, 1, RuleProblem::TooDeep { limit });
    }
    let rest: Vec<char> = source.chars().skip(at).collect();
    // Of what is a number to the language only one that is too large is refused.
    if told.is_some_and(|error| NUMBERS.contains(&error.msg.as_str())) {
        return (at, number_length(&rest), RuleProblem::TooBig);
    }
    let (at, found) = match bad_escape(&rest) {
        Some((within, escape)) => (at + within, escape),
        None => (at, token(source, at)),
    };
    if found.is_empty() {
        (at, 1, RuleProblem::Unfinished)
    } else {
        (at, found.chars().count(), RuleProblem::Syntax { found })
    }
}

/// How many characters of a number there are.
fn number_length(rest: &[char]) -> usize {
    let belongs = |place: usize, letter: &char| {
        let exponent = place > 0 && matches!(rest.get(place - 1), Some('e' | 'E'));
        letter.is_ascii_alphanumeric() || *letter == '.' || exponent && matches!(letter, '+' | '-')
    };
    let letters = rest.iter().enumerate();
    letters
        .take_while(|(place, letter)| belongs(*place, letter))
        .count()
}

/// The first escape of a text that there is not, such as `\q`, and how far into the text it stands.
fn bad_escape(text: &[char]) -> Option<(usize, String)> {
    let quote = text.first().filter(|letter| matches!(letter, '\'' | '"'))?;
    let mut at = 1;
    while let Some(letter) = text.get(at).filter(|letter| *letter != quote && **letter != '\n') {
        if *letter != '\\' {
            at += 1;
            continue;
        }
        let (skipped, length, radix) = match text.get(at + 1)? {
            'x' | 'X' => (2, 2, 16),
            'u' => (2, 4, 16),
            'U' => (2, 8, 16),
            '0'..='3' => (1, 3, 8),
            letter if "abfnrtv\\?\"'`".contains(*letter) => (2, 0, 16),
            _ => return Some((at, text.iter().skip(at).take(2).collect())),
        };
        let digits = text.iter().skip(at + skipped).take(length);
        let digits: String = digits.take_while(|letter| letter.is_digit(radix)).collect();
        let sound = digits.len() == length;
        let is_letter =
            || u32::from_str_radix(&digits, radix).is_ok_and(|code| char::from_u32(code).is_some());
        if !sound || length > 0 && !is_letter() {
            return Some((at, text.iter().skip(at).take(skipped + digits.len()).collect()));
        }
        at += skipped + length;
    }
    None
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
