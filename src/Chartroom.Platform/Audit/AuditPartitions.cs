using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Platform.Audit;

/// <summary>Months of the audit trail, made ahead of time: this one and the next three. One level of partitions, each shut against TRUNCATE by its own trigger.</summary>
internal static class AuditPartitions
{
    /// <summary>Makes what is missing; run by the owner's role at every start and once a day.</summary>
    /// <param name="connection">As the owner.</param>
    /// <param name="schema">Of the clinic, or <c>platform</c>.</param>
    /// <param name="from">A day of the first month, as SQL; tests begin in the past.</param>
    /// <param name="ct">Gives up.</param>
    public static Task EnsureAsync(NpgsqlConnection connection, string schema, CancellationToken ct, string from = "now() at time zone 'UTC'") => Migrator.RunAsync(connection, $"""
        do $partitions$
        declare
            month date := date_trunc('month', {from});
            name text;
        begin
            for i in 0..3 loop
                name := 'audit_event_' || to_char(month, 'YYYY_MM');
                if to_regclass('{schema}.' || name) is null then
                    execute format('create table {schema}.%I partition of {schema}.audit_event for values from (%L) to (%L)', name, month, month + interval '1 month');
                    execute format('create trigger audit_event_no_truncate before truncate on {schema}.%I for each statement execute function {schema}.refuse_change(''audit_event'')', name);
                    execute format('alter table {schema}.%I enable row level security', name);
                    execute format('alter table {schema}.%I force row level security', name);
                end if;
                month := month + interval '1 month';
            end loop;
        end $partitions$;
        """, ct);
}
