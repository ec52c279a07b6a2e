using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Chartroom.Journeys;
using Chartroom.Platform.Identity;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>
/// Naughty strings and payloads typed with the keys of a browser into every field of text of every page, as every role, as a stranger and at each step of signing in, and sent by the
/// page's own button: no dialog, nothing that the policy had to refuse, no error in a script, no answer of 500, and what was typed is read again. CHARTROOM_INPUT=all types all strings.
/// </summary>
public sealed partial class TypedEverywhereTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_INPUT") == "all";
    private readonly List<string> faults = [];
    private readonly List<Typist> typists = [];
    private IReadOnlyList<string> strings = [];
    private readonly HashSet<string> sent = [];   // what several see is typed into once
    private int turn;

    [Fact]
    public async Task ACC_11_Whatever_is_typed_into_any_field_of_any_page_in_a_browser_does_nothing_and_comes_back_as_typed()
    {
        strings = Naughty.Strings(IsWhole);
        do
        {
            await using var examples = await Examples.OpenAsync(isOnTheNet: true);   // a round's forms end sessions and change passwords too
            var known = await examples.PlacesAsync();
            sent.Clear();
            foreach (var role in new[] { ClinicRole.FrontDesk, ClinicRole.Provider, ClinicRole.Admin }) await AsRoleAsync(examples.Clinic, role, known);
            await AsStrangerAsync(examples.Clinic);
            await WithinSignInAsync(examples.Clinic);
        }
        while (IsWhole && turn < strings.Count);

        var fields = typists.SelectMany(it => it.Fields).ToHashSet();
        int Sum(Func<Typist, int> count) => typists.Sum(count);
        output.WriteLine($"{Math.Min(turn, strings.Count)} of {strings.Count} strings, {fields.Count} fields, {Sum(it => it.Counts.Typed)} times typed; forms taken {Sum(it => it.Counts.Taken)}, "
            + $"refused {Sum(it => it.Counts.Refused)}; values back in the form {Sum(it => it.Counts.Back)}, shown once saved {Sum(it => it.Counts.Shown)}: {faults.Count} faults");
        foreach (var unseen in typists.SelectMany(it => it.Unseen).Distinct().Order(StringComparer.Ordinal)) output.WriteLine($"not shown again: {unseen}");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(40)));
        Assert.True(fields.Count > 100 && Sum(it => it.Counts.Back) > 50 && Sum(it => it.Counts.Shown) > 20, $"{fields.Count} fields");
    }

    private string Next() => strings[turn++ % strings.Count];

    private async Task TypeAsync(TestClinic clinic, string who, string? token, HttpClient client, IEnumerable<string> first)
    {
        var address = clinic.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);   // a passkey belongs to a name
        await using var visitor = await browser.OpenAsync(address);
        await PasskeyJourney.DeviceAsync(visitor.Page);
        if (token is not null) await visitor.Page.Context.AddCookiesAsync([new() { Name = "chartroom", Value = token, Url = address }]);
        var typist = new Typist(visitor, who, Next, faults);
        typists.Add(typist);
        foreach (var (page, actions) in (await Walk.PagesAsync(client, first)).Where(it => IsWhole || !IsTwin(it.Path))) await typist.TypeAsync(page, actions, sent);
    }

    /// <summary>The wizard shows the settings' forms in another frame.</summary>
    private static bool IsTwin(string page) => page.StartsWith("/onboarding/", StringComparison.Ordinal) && !page.StartsWith("/onboarding/agreement", StringComparison.Ordinal);

    private async Task AsRoleAsync(TestClinic clinic, ClinicRole role, IReadOnlyDictionary<string, string> known)
    {
        using var client = clinic.As(role);
        await TypeAsync(clinic, $"{role}", clinic.TokenOf(role), client, PageForm.PagesOf(clinic, known));
    }

    /// <summary>Signing in and up, and what the links of mails open.</summary>
    private async Task AsStrangerAsync(TestClinic clinic)
    {
        using var client = clinic.Anonymous();
        using var admin = clinic.As(ClinicRole.Admin);
        var known = await clinic.OneAsync<string>("select email from platform.person where id = @Person", new { clinic.Actor(ClinicRole.Admin).Person });
        var (invited, comer) = ($"r{Guid.CreateVersion7():N}@example.com", $"s{Guid.CreateVersion7():N}@example.com");
        using var invite = await admin.PostAsJsonAsync("/api/v1/staff/invites", new { name = "Robin Vale", email = invited, role = "front_desk" });
        using var reset = await client.PostAsync("/password-reset", new FormUrlEncodedContent([KeyValuePair.Create("email", known)]));
        using var signUp = await client.PostAsync("/sign-up", new FormUrlEncodedContent([
            KeyValuePair.Create("practice", "Practice"), KeyValuePair.Create("name", "Robin Vale"), KeyValuePair.Create("email", comer), KeyValuePair.Create("phone", "(303) 555-0123")]));
        var bodies = await clinic.RowsAsync<string>("select body from platform.outbox where recipient = any(@to)", new { to = new[] { known, invited, comer } });
        var links = bodies.Select(body => Link().Match(body)).Where(it => it.Success).Select(it => it.Value).Distinct().ToList();
        Assert.Equal(["invite", "password-reset", "sign-up"], links.Select(link => link.Split('/')[1]).Distinct().Order(StringComparer.Ordinal));
        await TypeAsync(clinic, "stranger", null, client, ["/sign-in", "/sign-up", "/password-reset", .. links]);
    }

    /// <summary>The steps of signing in that come after the password.</summary>
    private async Task WithinSignInAsync(TestClinic clinic)
    {
        foreach (var (stage, page) in new[] { ("code", "/sign-in/code"), ("enroll", "/set-up/authenticator"), ("codes", "/set-up/recovery-codes"), ("password", "/account/password") })
        {
            var token = (await Isolation.Victim.SessionsAsync(clinic, ClinicRole.FrontDesk, 1, hasSecondFactor: stage is "codes" or "password")).Single();
            await clinic.RowsAsync<int>("update platform.session set stage = @stage where token_hash = @hash returning 1", new { stage, hash = SessionGate.HashOf(token) });
            using var client = clinic.Anonymous();
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            await TypeAsync(clinic, $"at {stage}", token, client, [page]);
        }
    }

    [GeneratedRegex("/(sign-up|invite|password-reset)/[A-Za-z0-9_-]+")]
    private static partial Regex Link();
}
