using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Chartroom.Input;
using Chartroom.Platform.Identity;
using Xunit.Abstractions;

namespace Chartroom.Isolation;

/// <summary>
/// <see cref="SweepTests"/> gives each route some id of the other clinic; here each route with ids in its path is given one of every kind there is, of the clinic's own tables and of the shared ones, so that
/// the kind it looks for is among them. As an administrator; CHARTROOM_ISOLATION_TRIES above 0: as each role.
/// </summary>
public sealed class TypedSweepTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TEN_2_An_id_of_another_clinic_is_answered_like_nobodys_by_every_route_whatever_kind_it_is_of()
    {
        var roles = Environment.GetEnvironmentVariable("CHARTROOM_ISOLATION_TRIES") is null or "0" ? [ClinicRole.Admin] : new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk };
        await using var theirs = await Examples.OpenAsync();
        foreach (var example in theirs.All) await theirs.SendAsync(example, await example.MakeAsync());   // taken or refused: what matters is what is there then
        var ids = await IdsAsync(theirs.Clinic);
        Assert.True(ids.Count > 30, string.Join(' ', ids.Select(it => it.Table)));
        await using var ours = await TestClinic.OpenAsync();
        var routes = (await SweptRoute.AllAsync(ours)).Where(route => route.IdsInPath > 0 && !route.IsPublic).ToList();
        var (tries, differences) = (0, new ConcurrentBag<string>());
        using var client = ours.Anonymous();
        foreach (var role in roles)
            await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
            {
                var token = Assert.Single(await Victim.SessionsAsync(ours, role, 1));
                await ours.RowsAsync<int>("update platform.session set proved_at = @now where token_hash = @hash returning 1", new { now = ours.Clock.GetUtcNow(), hash = SessionGate.HashOf(token) });
                async Task<(int Status, string Text)> AskAsync(Guid id, Guid other)
                {
                    Interlocked.Increment(ref tries);
                    using var request = route.Ask(0, id, other, token);
                    using var answer = await client.SendAsync(request, CancellationToken.None);
                    return ((int)answer.StatusCode, SweptRoute.Neutral($"{answer.Headers.Location} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}"));
                }
                var nobody = Guid.CreateVersion7();
                var nothing = await AskAsync(nobody, nobody);
                foreach (var (table, id) in ids)
                {
                    var foreign = await AskAsync(id, nobody);
                    if (foreign.Status != nothing.Status || (foreign.Status >= 400 && foreign.Text != nothing.Text)) differences.Add($"{role}: {route.Name} with {table}: {foreign.Status}, nobody's {nothing.Status}");
                }
            });

        output.WriteLine($"{tries} attempts at {routes.Count} routes with {ids.Count} kinds of ids as {roles.Length} roles: {differences.Count} differences");
        Assert.True(differences.IsEmpty, string.Join('\n', differences.Take(40)));
    }

    [Fact]
    public async Task TEN_2_A_right_body_with_one_id_of_another_clinic_in_it_is_answered_like_one_with_nobodys()
    {
        await using var theirs = await Examples.OpenAsync();
        foreach (var example in theirs.All) await theirs.SendAsync(example, await example.MakeAsync());
        var ids = await IdsAsync(theirs.Clinic);
        var before = await Victim.FingerprintAsync(theirs.Clinic);
        await using var ours = await Examples.OpenAsync();
        var (tries, places, differences) = (0, new HashSet<string>(), new List<string>());
        foreach (var example in ours.All.Where(example => example.Role is not null && example.Template != "/api/v1/sessions/current/clinic"))   // to go to another clinic one is no member of: its own tests
        {
            var asked = await example.MakeAsync();
            async Task<(int Status, string Text)> AskAsync(string place, Guid id)
            {
                tries++;
                var body = asked.Body.DeepClone().AsObject();
                Assert.Single(Examples.TextsOf(body), it => it.Path == place).Put(JsonValue.Create($"{id}"));
                var (status, text) = await ours.SendAsync(example, asked with { Body = body });
                if (status < 400) asked = await example.MakeAsync();   // it did not look there, and what it was about is used up
                return (status, SweptRoute.Neutral(text));
            }
            foreach (var place in Examples.TextsOf(asked.Body).Select(it => it.Path).Where(path => Guid.TryParse(At(asked.Body, path), out _)).ToList())
            {
                places.Add($"{example.Name} {place}");
                foreach (var (table, id) in ids)
                {
                    var (foreign, nothing) = (await AskAsync(place, id), await AskAsync(place, Guid.CreateVersion7()));
                    if (foreign.Status != nothing.Status || (foreign.Status >= 400 && foreign.Text != nothing.Text)) differences.Add($"{example.Name} with {table} at {place}: {foreign}, nobody's {nothing}");
                }
            }
        }

        output.WriteLine($"{tries} attempts at {places.Count} places of ids in right bodies with {ids.Count} kinds of ids: {differences.Count} differences");
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
        Assert.True(places.Count > 20, string.Join('\n', places));
        Assert.Equal(before, await Victim.FingerprintAsync(theirs.Clinic));
    }

    private static string? At(JsonNode body, string path) => (string?)path.Split('/').Skip(1).Aggregate((JsonNode?)body, (node, name) => node is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : node?[name]);

    /// <summary>One id of each table that has them, of the clinic's own side and of the shared one.</summary>
    internal static async Task<List<(string Table, Guid Id)>> IdsAsync(TestClinic theirs)
    {
        var ids = new List<(string Table, Guid Id)>();
        foreach (var table in await theirs.RowsAsync<string>(Tables + "where c.relnamespace = current_schema()::regnamespace" + Kinds))
            ids.AddRange((await theirs.RowsAsync<Guid>($"select id from {table} limit 1")).Select(id => (table, id)));
        foreach (var table in await theirs.RowsAsync<string>(Tables + "join pg_attribute b on b.attrelid = c.oid and b.attname = 'clinic_id' where c.relnamespace = 'platform'::regnamespace" + Kinds))
            ids.AddRange((await theirs.RowsAsync<Guid>($"select id from platform.{table} where clinic_id = '{theirs.Id.Value}' limit 1")).Select(id => ($"platform.{table}", id)));
        return ids;
    }

    private const string Tables = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype ",
        Kinds = " and c.relkind in ('r', 'p') and not c.relispartition order by 1";
}
