//! The app behind the wall.
