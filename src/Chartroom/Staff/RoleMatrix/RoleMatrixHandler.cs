using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Staff;

/// <summary>Reads the matrix from the program that runs and the database it runs on. Administrators only.</summary>
internal sealed class RoleMatrixHandler(TenantDb db, EndpointDataSource routes)
{
    internal const string Read = "roles.read";

    public async Task<RoleMatrix> HandleAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        var columns = await tx.QueryAsync<Row>(SelectColumns, null, ct);
        tx.Audit(new(Read, "staff", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return new(RoleMatrix.RoutesOf(routes.Endpoints), RoleMatrix.FieldsOf(routes.Endpoints), Of(columns));
    }

    /// <summary>Columns of one table with the same class and the same rights stand together.</summary>
    private static IReadOnlyList<ColumnRight> Of(List<Row> rows) =>
        [.. rows.GroupBy(row => (row.TableName, Class: row.ClassOf, row.Admin, row.Provider, row.FrontDesk, row.Emergency)).OrderBy(it => it.Key.TableName, StringComparer.Ordinal)
            .ThenBy(it => it.First().Place)
            .Select(it => new ColumnRight(it.Key.TableName, it.Key.Class, [.. it.Select(row => row.ColumnName)], it.Key.Admin, it.Key.Provider, it.Key.FrontDesk, it.Key.Emergency))];

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/role-matrix", async (RoleMatrixHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.HandleAsync(actor, ct)))
            .WithTags("Staff").WithSummary("Which role may ask which route, gets which fields, and reads or writes which columns, from the running program")
            .Requires(Permission.ManageStaff).Audits(Read);
        endpoints.MapGet("/settings/roles", async (RoleMatrixHandler handler, Actor actor, CancellationToken ct) => Page.Of<RoleMatrixPage>(new { Matrix = await handler.HandleAsync(actor, ct) }))
            .Requires(Permission.ManageStaff).Audits(Read).ExcludeFromDescription();
    }

    private sealed record Row
    {
        public required string TableName { get; init; }
        public required string ColumnName { get; init; }
        public int Place { get; init; }
        public string? Comment { get; init; }
        public required string Admin { get; init; }
        public required string Provider { get; init; }
        public required string FrontDesk { get; init; }
        public required string Emergency { get; init; }

        /// <summary>From the column's comment, which a rule asks of every column.</summary>
        public string ClassOf => Comment switch
        {
            null => "none",
            _ when Comment.Contains("Secret class", StringComparison.Ordinal) => "secret",
            _ when Comment.IndexOf("PHI class: ", StringComparison.Ordinal) is >= 0 and var at => Comment[(at + "PHI class: ".Length)..].Split('.', '(', ';')[0].Trim(),
            _ => "none",
        };
    }

    private const string SelectColumns = """
        with of_role as (
            select name, 'clinic_' || substr(current_schema()::text, 8) || '_' || name as role_name
            from unnest(array['admin', 'provider', 'front_desk', 'emergency']) as name
        ), rights as (
            select c.oid, a.attnum, of_role.name,
                case when has_column_privilege(of_role.role_name, c.oid, a.attnum, 'select') then 'r' else '' end
                    || case when has_column_privilege(of_role.role_name, c.oid, a.attnum, 'insert') or has_column_privilege(of_role.role_name, c.oid, a.attnum, 'update') then 'w' else '' end as may
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            cross join of_role
            where c.relnamespace in (select oid from pg_namespace where nspname in (current_schema()::text, 'platform')) and c.relkind in ('r', 'p') and not c.relispartition
        )
        select case when n.nspname = 'platform' then 'platform.' else '' end || c.relname as table_name, a.attname::text as column_name, a.attnum::int as place,
            col_description(c.oid, a.attnum) as comment,
            max(rights.may) filter (where rights.name = 'admin') as admin, max(rights.may) filter (where rights.name = 'provider') as provider,
            max(rights.may) filter (where rights.name = 'front_desk') as front_desk, max(rights.may) filter (where rights.name = 'emergency') as emergency
        from rights
        join pg_class c on c.oid = rights.oid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = rights.attnum
        group by n.nspname, c.oid, c.relname, a.attname, a.attnum
        order by 1, a.attnum
        """;
}
