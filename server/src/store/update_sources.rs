//! The statement that writes what a source sends of a record that it sent before.

/// `UPDATE` of a table of sources by lines: `$1` to `$3` are the namespace, `$4` the
/// lines as JSON, whose columns the assignments name `value ->> '…'`.
///
/// The lines lead, and each finds its source by the whole key. With constants in its
/// place, the planner takes all sources of an origin to be eight rows, and walks them
/// for each line.
macro_rules! update_sources {
    ($table:literal, $assignments:literal) => {
        concat!(
            "WITH v AS MATERIALIZED (
                SELECT $1 AS in_site, $2 AS in_family, $3 AS in_origin, value FROM jsonb_each($4)
            )
            UPDATE ",
            $table,
            " SET ",
            $assignments,
            " FROM v WHERE site_id = in_site AND family = in_family AND origin = in_origin
                AND source_id = value ->> 'source_id'"
        )
    };
}
pub(super) use update_sources;
