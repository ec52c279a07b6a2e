namespace Chartroom.Scribe;

/// <summary>The figures of drafts and decisions, of columns in clear only.</summary>
internal static class DraftRecordSql
{
    public const string Drafters = """
        select drafter, drafter_version as version, policy_version as policy, count(*) as drafts, count(*) filter (where state = 'signed') as signed,
            count(*) filter (where state = 'discarded') as discarded, count(*) filter (where state = 'open') as open, sum(statement_count)::bigint as statements
        from draft
        where created_at >= @since and (@person::uuid is null or created_by = @person)
        group by drafter, drafter_version, policy_version
        order by count(*) desc, drafter, drafter_version desc, policy_version desc
        """;

    // The last word on each statement; words that were changed and kept are edited.
    public const string Reviewers = """
        with last_word as (
            select draft_id, statement, (array_agg(kind order by sequence desc))[1] as kind, (array_agg(decided_by order by sequence desc))[1] as decided_by,
                bool_or(kind = 'edited') as is_edited, max(edit_distance) filter (where kind = 'edited') as edit_distance, max(seconds_spent) as seconds_spent
            from decision
            where decided_at >= @since and kind in ('accepted', 'edited', 'rejected', 'added')
            group by draft_id, statement
        )
        select staff.id, staff.display_name as person, count(distinct last_word.draft_id) as drafts,
            count(*) filter (where last_word.kind = 'accepted' and not last_word.is_edited) as accepted,
            count(*) filter (where last_word.kind in ('accepted', 'edited') and last_word.is_edited) as edited,
            count(*) filter (where last_word.kind = 'rejected') as rejected, count(*) filter (where last_word.kind = 'added') as added,
            percentile_cont(0.5) within group (order by last_word.edit_distance) filter (where last_word.edit_distance is not null) as edit_median,
            percentile_cont(0.5) within group (order by last_word.seconds_spent) filter (where last_word.seconds_spent is not null) as seconds_median
        from last_word
        join staff on staff.id = last_word.decided_by
        where @person::uuid is null or last_word.decided_by = @person
        group by staff.id, staff.display_name
        order by staff.display_name
        """;

    // What was decided at first sight on words as drafted; what was made wrong on purpose says nothing of the confidence.
    public const string Bands = """
        with first_word as (
            select distinct on (decision.draft_id, decision.statement) decision.kind, decision.confidence, decision.decided_by
            from decision
            where decision.decided_at >= @since and decision.kind in ('accepted', 'edited', 'rejected') and decision.confidence is not null
                and not exists (select from seed where seed.draft_id = decision.draft_id and seed.statement = decision.statement)
            order by decision.draft_id, decision.statement, decision.sequence
        )
        select least(confidence / 20, 4) * 20 as "from", count(*) as statements, (avg(confidence) / 100)::float8 as mean, count(*) filter (where kind = 'accepted') as accepted
        from first_word
        where @person::uuid is null or decided_by = @person
        group by least(confidence / 20, 4)
        order by least(confidence / 20, 4)
        """;

    public const string Seeds = """
        select staff.id, staff.display_name as person, seed.class, seed.was_flagged, count(*) as planted, count(*) filter (where told.kind = 'caught') as caught
        from seed
        join decision as told on told.draft_id = seed.draft_id and told.statement = seed.statement and told.kind in ('caught', 'missed')
        join staff on staff.id = told.decided_by
        where told.decided_at >= @since and (@person::uuid is null or told.decided_by = @person)
        group by staff.id, staff.display_name, seed.class, seed.was_flagged
        order by staff.display_name, staff.id, seed.class, seed.was_flagged
        """;
}
