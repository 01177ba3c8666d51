//! What somebody can be expected to do, shrunk towards the team by how little is known.
