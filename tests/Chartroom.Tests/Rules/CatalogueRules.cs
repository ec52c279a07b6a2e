using System.Text;

using Chartroom.Shell;

namespace Chartroom.Rules;

/// <summary>What our own files must say of each table. What keeps clinics apart is held by the product itself: <see cref="Platform.Tenancy.Catalogue"/>.</summary>
public sealed class CatalogueRules
{
    [Fact]
    public async Task TEN_1_Every_table_and_column_says_what_it_means_and_its_phi_class_and_the_shared_side_holds_none()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var columns = await clinic.RowsAsync<(string Schema, string Table, string Column, string? Comment)>("""
            select n.nspname::text, c.relname::text, a.attname::text, col_description(c.oid, a.attnum)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where n.nspname in (current_schema(), 'platform') and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration_journal'
            """);
        Assert.Empty(columns.Where(it => it.Comment is null || !(it.Comment.Contains("PHI", StringComparison.Ordinal) || it.Comment.Contains("Secret class", StringComparison.Ordinal))).Select(it => $"{it.Table}.{it.Column}"));
        Assert.Empty(columns.Where(it => it.Schema == "platform" && it.Comment!.Contains("PHI class", StringComparison.Ordinal)).Select(it => $"{it.Table}.{it.Column}"));
    }

    [Fact]
    public async Task TEN_3_The_front_desk_has_no_right_on_any_clinical_table()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var clinical = await clinic.RowsAsync<string>("""
            select c.relname::text from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
                and obj_description(c.oid) ilike '%PHI class: clinical%'
            """);
        Assert.Superset(new HashSet<string> { "entry", "entry_version", "transcript", "draft", "decision" }, clinical.ToHashSet());
        foreach (var table in clinical)
            foreach (var verb in new[] { $"select 1 from {table} limit 1", $"delete from {table} where false" })
                Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => clinic.RawAsync<int>(ClinicRole.FrontDesk, verb))).SqlState);
    }

    [Fact]
    public async Task Every_constraint_has_a_name_of_ours_and_every_table_a_key()
    {
        await using var clinic = await TestClinic.OpenAsync();
        Assert.Empty(await clinic.RowsAsync<string>("""
            select c.relname::text from pg_class c where c.relnamespace in (current_schema()::regnamespace, 'platform'::regnamespace) and c.relkind in ('r', 'p')
                and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
            """));
        Assert.Empty(await clinic.RowsAsync<string>("""
            select conname::text from pg_constraint where connamespace in (current_schema()::regnamespace, 'platform'::regnamespace)
                and (length(conname) > 50 or conname ~ '_(check|key|fkey|excl)[0-9]+$' or condeferrable)
            """));
    }

    [Fact]
    public async Task Every_table_has_an_owner_an_export_rule_and_a_deletion_rule()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var tables = await clinic.RowsAsync<string>("""
            select case when n.nspname = 'platform' then 'platform.' else '' end || c.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in (current_schema(), 'platform') and c.relkind in ('r', 'p') and not c.relispartition
            """);
        var register = DataRegister.Rows;

        Assert.Equal(tables.Order(StringComparer.Ordinal), register.Select(row => row.Table).Order(StringComparer.Ordinal));
        Assert.Empty(register.Where(row => !Directory.Exists(Path.Combine(SourceTree.Root, "src", row.Owner))).Select(row => $"{row.Table}: {row.Owner}"));
    }

    [Fact]
    public void The_data_register_is_published()
    {
        var page = new StringBuilder("# Data register\n\nEvery table, who owns it, how it leaves and how it ends. Held to the database by a test.\n\n| table | owner | export | deletion |\n|---|---|---|---|\n");
        foreach (var row in DataRegister.Rows) page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{row.Table}` | {row.Owner} | {row.Export} | {row.Deletion} |\n");
        SourceTree.HoldDocument("docs/data-register.md", page.ToString());
    }
}
