using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Xunit.Abstractions;

namespace Chartroom.Isolation;

/// <summary>
/// Every route there is, taken from the routes themselves and held against /openapi.json, asked by everyone who must not. The suite makes one pass with an id of the
/// other clinic in each path and body, and as one role in each query and header; CHARTROOM_ISOLATION_TRIES=20000 goes on through all ids, places and roles until so many were made.
/// </summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    private static readonly int Tries = int.Parse(Environment.GetEnvironmentVariable("CHARTROOM_ISOLATION_TRIES") ?? "0", CultureInfo.InvariantCulture);
    private static readonly ClinicRole[] Roles = [ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk];
    private static readonly string[] Places = ["path", "query", "body", "header"];
    private readonly ConcurrentQueue<string> leaks = new();
    private int tries;

    [Fact]
    public async Task TEN_2_What_belongs_to_another_clinic_and_what_does_not_exist_are_answered_alike_by_every_route()
    {
        await using var theirs = await Victim.OpenAsync();
        await using var ours = await TestClinic.OpenAsync();
        var routes = await SweptRoute.AllAsync(ours);
        var named = routes.SelectMany(route => route.Query).Count();
        Assert.True(named > 100, $"{named} names of queries");
        var before = await theirs.FingerprintAsync();
        var rounds = Tries == 0 ? 1 : Math.Max(1, (int)Math.Ceiling(Tries / (2.0 * Roles.Length * routes.Sum(route => PlacesOf(route).Length))));
        for (var round = 0; round < rounds; round++)
            foreach (var role in Roles)
            {
                var tokens = await Victim.SessionsAsync(ours, role, routes.Count);
                var (turn, client) = (round, ours.Anonymous());
                await Parallel.ForEachAsync(Enumerable.Range(0, routes.Count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
                {
                    foreach (var place in PlacesOf(routes[number]).Where(place => Tries > 0 || place is 0 or 2 || (number + place) % Roles.Length == (int)role % Roles.Length))
                    {
                        var id = theirs.Ids[(turn + number + place * 7) % theirs.Ids.Count];
                        await CompareAsync(client, routes[number], place, id, theirs, tokens[number], async () => Assert.Single(await Victim.SessionsAsync(ours, role, 1)));
                    }
                });
            }

        output.WriteLine($"{tries} attempts over {routes.Count} operations as {Roles.Length} roles with {theirs.Ids.Count} ids of another clinic in path, query ({named} names of their own), body and header: {leaks.Count} leaks or differences");
        Assert.True(leaks.IsEmpty, string.Join('\n', leaks.Distinct().Take(60)));
        Assert.Equal(before, await theirs.FingerprintAsync());   // and nothing there was changed, not even a trace left in its trail
        Assert.True(tries >= Tries);
    }

    [Fact]
    public async Task TEN_3_No_session_an_ended_one_no_second_factor_a_lower_role_and_an_unsigned_agreement_open_no_route()
    {
        await using var victim = await Victim.OpenAsync();
        var routes = (await SweptRoute.AllAsync(victim.Clinic)).Where(route => !route.IsPublic).ToList();
        var before = await victim.FingerprintAsync();
        async Task ByAsync(Asker asker, Func<SweptRoute, bool> isFor)
        {
            var client = victim.Clinic.Anonymous();
            foreach (var (route, number) in routes.Where(isFor).Select((route, number) => (route, number))) await RefusedAsync(client, asker, route, number, victim);
        }

        await ByAsync(new("no session", null, null), _ => true);
        await ByAsync(new("a session that does not exist", "made-up", null), _ => true);
        foreach (var role in Roles)
        {
            await ByAsync(await Asker.OfAsync(victim, role, $"an ended session of {role}", hasEnded: true), _ => true);
            await ByAsync(await Asker.OfAsync(victim, role, $"{role} without second factor", hasSecondFactor: false), route => route.NeedsSecondFactor);
            await ByAsync(await Asker.OfAsync(victim, role, $"{role}"), route => route.Asks is { } asks && !Rights.Allows(role, asks));
        }
        await victim.Clinic.RowsAsync<int>("update platform.clinic set baa_signed_at = null where id = @Id returning 1", new { victim.Clinic.Id });
        foreach (var role in Roles) await ByAsync(await Asker.OfAsync(victim, role, $"{role} of a clinic without agreement"), route => route.NeedsAgreement);

        output.WriteLine($"{tries} attempts over {routes.Count} operations: {leaks.Count} let in");
        Assert.True(leaks.IsEmpty, string.Join('\n', leaks.Distinct().Take(60)));
        Assert.Equal(before, await victim.FingerprintAsync());
    }

    private static int[] PlacesOf(SweptRoute route) => [.. (route.IdsInPath > 0 ? new[] { 0 } : []), 1, .. (route.IsWrite ? new[] { 2 } : []), 3];

    /// <summary>Asks for theirs, then for what nobody has. Refusals must be alike but for trace ids; and nothing of theirs may show in either.</summary>
    private async Task CompareAsync(HttpClient client, SweptRoute route, int place, (string Table, Guid Id) theirs, Victim victim, string token, Func<Task<string>> afreshAsync)
    {
        var nobodys = Guid.CreateVersion7();
        var (foreign, nothing) = (await SendAsync(client, route.Ask(place, theirs.Id, nobodys, token)), await SendAsync(client, route.Ask(place, nobodys, nobodys, token)));
        // The route may have ended the session, this one or all of the person's, or a counter ran full between the two: once more, each with a session of its own.
        for (var again = 0; again < 3 && foreign.Status != nothing.Status; again++)
        {
            foreign = await SendAsync(client, route.Ask(place, theirs.Id, nobodys, await afreshAsync()));
            nothing = await SendAsync(client, route.Ask(place, nobodys, nobodys, await afreshAsync()));   // made after the first answer: signing out everywhere ends it too
        }
        var what = $"{route.Name} with {theirs.Table} in {Places[place]}";
        if (victim.LeakIn(foreign.Text, theirs.Id, isStranger: true) is { } shown) leaks.Enqueue($"{what}: {shown}");
        if (foreign.Status >= 500) leaks.Enqueue($"{what}: {foreign.Status}");
        if (route.IsPublic) return;   // open to everyone: counters of wrong passwords move between the two
        if (foreign.Status != nothing.Status) leaks.Enqueue($"{what}: {foreign.Status}, what does not exist {nothing.Status}");
        else if (foreign.Status >= 400 && SweptRoute.Neutral(foreign.Text) != SweptRoute.Neutral(nothing.Text)) leaks.Enqueue($"{what}: answered differently");
    }

    /// <summary>Asks for what the clinic really has, as somebody who may not.</summary>
    private async Task RefusedAsync(HttpClient client, Asker asker, SweptRoute route, int number, Victim victim)
    {
        var places = PlacesOf(route);
        foreach (var place in Tries > 0 ? places : [places[number % places.Length]])
        {
            var id = victim.Ids[(number + place) % victim.Ids.Count].Id;
            var answer = await SendAsync(client, route.Ask(place, id, id, asker.Token));
            if (answer.Status is not (401 or 403 or 302 or 303) || (route.IsApi && answer.Status is not (401 or 403))) leaks.Enqueue($"{asker.Who}: {route.Name} answered {answer.Status}");
            if (victim.LeakIn(answer.Text, id, isStranger: false, asker.Self) is { } shown) leaks.Enqueue($"{asker.Who}: {route.Name} showed {shown}");
        }
    }

    private async Task<(int Status, string Text)> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        Interlocked.Increment(ref tries);
        using var sent = request;
        using var answer = await client.SendAsync(sent);
        return ((int)answer.StatusCode, $"{answer.Headers.Location} {answer.Headers.ETag} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Somebody who may not.</summary>
    /// <param name="Self">Their own id in the clinic, which a page may tell them; null for nobody.</param>
    private sealed record Asker(string Who, string? Token, Guid? Self)
    {
        public static async Task<Asker> OfAsync(Victim victim, ClinicRole role, string who, bool hasSecondFactor = true, bool hasEnded = false) =>
            new(who, Assert.Single(await Victim.SessionsAsync(victim.Clinic, role, 1, hasSecondFactor, hasEnded)), victim.Clinic.Actor(role).Person.Value);
    }
}
