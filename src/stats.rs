//! Rolling statistics over dense columns.
