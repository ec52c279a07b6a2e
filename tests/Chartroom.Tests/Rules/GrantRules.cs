using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>Every right in the database stands in docs/grants.md, so that a new one is read before it is there.</summary>
public sealed partial class GrantRules
{
    private static readonly string[] ClinicRoles = ["admin", "provider", "front_desk", "patient", "system", "emergency"];
    private static readonly string[] SharedRoles = ["identity", "worker", .. ClinicRoles];

    [Fact]
    public async Task TEN_3_Every_grant_policy_and_membership_is_written_down()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var page = new StringBuilder("""
            # Grants

            Who may do what in the database, as its catalogue says after all migrations; held to it by a test. `s` select, `i` insert, `u` update, `d` delete, `x` execute,
            `U` use the schema; `s(…)` on those columns alone. No entry is no right. The owner of all objects, `chartroom_owner`, cannot log in and is nobody's role.


            """);
        await AddAsync(page, clinic, "## A clinic's schema", clinic.Schema, ClinicRoles);
        await AddAsync(page, clinic, "## The shared side, `platform`", "platform", SharedRoles);
        page.Append("\n## Policies of a clinic's schema\n\nWhere a table has one, row-level security is forced. Elsewhere the schema and its roles are the line.\n\n| table | policy | for | roles | rows seen | rows written |\n|---|---|---|---|---|---|\n");
        foreach (var it in await PoliciesAsync(clinic, clinic.Schema))
            page.Append(CultureInfo.InvariantCulture, $"| `{it.Table}` | {it.Policy} | {it.Command} | {it.Roles.Replace($"clinic_{clinic.Id.Value:N}_", "", StringComparison.Ordinal).Replace("chartroom_", "", StringComparison.Ordinal)} | {Code(it.Sees)} | {Code(it.Writes)} |\n");
        page.Append("\n## Policies of the shared side\n\nRow-level security is forced on every table, also for its owner.\n\n| table | policy | for | roles | rows seen | rows written |\n|---|---|---|---|---|---|\n");
        foreach (var it in await PoliciesAsync(clinic, "platform"))
            page.Append(CultureInfo.InvariantCulture, $"| `{it.Table}` | {it.Policy} | {it.Command} | {it.Roles.Replace("chartroom_", "", StringComparison.Ordinal)} | {Code(it.Sees)} | {Code(it.Writes)} |\n");
        page.Append("\n## Memberships and attributes\n\n| role | logs in | inherits | member of |\n|---|---|---|---|\n");
        foreach (var it in await clinic.RowsAsync<(string Role, bool LogsIn, bool Inherits, string Of)>(Members, new { mine = $"clinic_{clinic.Id.Value:N}_%", prefix = $"clinic_{clinic.Id.Value:N}" }))
            page.Append(CultureInfo.InvariantCulture, $"| `{it.Role}` | {YesNo(it.LogsIn)} | {YesNo(it.Inherits)} | {it.Of} |\n");

        SourceTree.HoldDocument("docs/grants.md", page.ToString());
    }

    [Fact]
    public async Task TEN_2_Row_security_of_a_clinics_schema_is_what_every_start_holds_it_to()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var connection = new Npgsql.NpgsqlConnection(clinic.Connection);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(Platform.Tenancy.CatalogueSql.RowSecurityOf, connection) { Parameters = { new() { Value = clinic.Schema } } };
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));

        Assert.True(lines.Count > 40, string.Join('\n', lines));
        SourceTree.HoldDocument("src/Chartroom.Platform/Tenancy/row-security.txt", string.Concat(lines.Select(line => line + "\n")));
    }

    private static Task<List<(string Table, string Policy, string Command, string Roles, string? Sees, string? Writes)>> PoliciesAsync(TestClinic clinic, string schema) =>
        clinic.RowsAsync<(string, string, string, string, string?, string?)>(Policies, new { schema });

    private static async Task AddAsync(StringBuilder page, TestClinic clinic, string title, string schema, string[] roles)
    {
        var rights = await clinic.RowsAsync<(string Object, string Role, string Rights)>(Rights, new { schema });
        page.Append(CultureInfo.InvariantCulture, $"\n{title}\n\n| object | {string.Join(" | ", roles)} |\n|---|{string.Concat(Enumerable.Repeat("---|", roles.Length))}\n");
        foreach (var thing in rights.GroupBy(it => it.Object))
        {
            var byRole = thing.ToLookup(it => ClinicPrefix().Replace(it.Role, ""), it => it.Rights);
            Assert.Empty(byRole.Select(it => it.Key).Except([.. roles, ""]));   // "" is a table that nobody was granted
            page.Append(CultureInfo.InvariantCulture, $"| `{thing.Key}` | {string.Join(" | ", roles.Select(role => string.Join(' ', byRole[role])))} |\n");
        }
    }

    private static string Code(string? expression) => expression is null ? "" : $"`{expression}`";

    private static string YesNo(bool it) => it ? "yes" : "no";

    /// <summary>Months of the audit trail are named after today; they hold no grant, which the catalogue's own rules see to.</summary>
    private const string Rights = """
        with things as (
            select oid, relname::text as name, relacl as acl, relowner as owner, true as is_table from pg_class
            where relnamespace = @schema::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') and relname !~ '_[0-9]{4}_[0-9]{2}$'
            union all select oid, proname || '()', coalesce(proacl, acldefault('f', proowner)), proowner, false from pg_proc where pronamespace = @schema::regnamespace
            union all select oid, '(schema)', nspacl, nspowner, false from pg_namespace where nspname = @schema
        ), held as (
            select things.name, acl.grantee, case acl.privilege_type when 'EXECUTE' then 'x' when 'USAGE' then 'U' else lower(left(acl.privilege_type, 1)) end as letter, null as columns,
                array_position(array['USAGE', 'EXECUTE', 'SELECT', 'INSERT', 'UPDATE', 'DELETE'], acl.privilege_type) as place
            from things cross join lateral aclexplode(things.acl) as acl where acl.grantee <> things.owner
            union all
            select things.name, acl.grantee, lower(left(acl.privilege_type, 1)), string_agg(a.attname, ', ' order by a.attname), 10
            from things join pg_attribute a on things.is_table and a.attrelid = things.oid cross join lateral aclexplode(a.attacl) as acl
            group by things.name, acl.grantee, acl.privilege_type
        )
        select things.name, coalesce(pg_get_userbyid(held.grantee)::text, ''),
            coalesce(string_agg(held.letter || coalesce('(' || held.columns || ')', ''), '' order by held.place, held.letter), '')
        from things left join held on held.name = things.name
        group by things.name, held.grantee
        order by things.name collate "C", 2
        """;

    private const string Policies = """
        select c.relname::text, p.polname::text, case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
            (select string_agg(pg_get_userbyid(oid)::text, ', ' order by pg_get_userbyid(oid)::text collate "C") from unnest(p.polroles) as reader (oid)),
            pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        from pg_policy p join pg_class c on c.oid = p.polrelid
        where c.relnamespace = @schema::regnamespace
        order by c.relname collate "C", p.polname collate "C"
        """;

    private const string Members = """
        select replace(r.rolname, @prefix, 'clinic_{id}'), r.rolcanlogin, r.rolinherit,
            coalesce((select string_agg(distinct case when g.rolname ~ '^clinic_' then 'all clinics'' roles' else g.rolname::text end, ', ') from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), '')
        from pg_roles r
        where r.rolname like @mine or r.rolname in ('chartroom_app', 'chartroom_identity', 'chartroom_worker', 'chartroom_owner',
            'chartroom_admin', 'chartroom_provider', 'chartroom_front_desk', 'chartroom_patient', 'chartroom_system', 'chartroom_emergency')
        order by replace(r.rolname, @prefix, 'clinic_{id}') collate "C"
        """;

    [GeneratedRegex("^(clinic_[0-9a-f]{32}_|chartroom_)")]
    private static partial Regex ClinicPrefix();
}
