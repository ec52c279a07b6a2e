using System.Net;
using System.Text.RegularExpressions;
using Chartroom.Platform.Identity;
using Chartroom.Rules;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Input;

/// <summary>Forms of acts that ask for a fresh proof, found in the pages of a clinic where everything has happened once: each says in a sentence what it does, before it is sent.</summary>
public sealed partial class DangerousActsTests
{
    /// <summary>Forms that stand only where a second person or a device has acted before, with the page that has them.</summary>
    private static readonly Dictionary<string, string> AfterOthers = new()
    {
        ["/settings/security/passkeys/{id}/remove"] = "src/Chartroom/Accounts/Passkeys/PasskeysPage.razor",
        ["/patients/{id}/entries/{entry}/destruction/confirm"] = "src/Chartroom/Charts/DestroyEntry/PutAwayList.razor",
        ["/patients/{id}/destruction/confirm"] = "src/Chartroom/Keys/DestroyPatient/DestroyPatientPage.razor",
    };

    private readonly HashSet<string> found = [];
    private readonly List<string> silent = [];

    [Fact]
    public async Task ACC_6_Every_form_of_an_act_that_asks_for_a_fresh_proof_says_in_a_plain_sentence_what_it_does()
    {
        await using var examples = await Examples.OpenAsync();
        foreach (var example in examples.All.Concat(examples.Acts).Where(it => it.IsTaken && !it.Template.StartsWith("/api/v1/keys", StringComparison.Ordinal))) await examples.SendAsync(example,
            await example.MakeAsync());
        var clinic = examples.Clinic;
        var acts = clinic.The<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<RequiresStepUp>() is not null && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(route => "/" + Constraint().Replace(route.RoutePattern.RawText!.Trim('/'), "}")).Where(path => !path.StartsWith("/api/", StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(acts.Count > 20, $"{acts.Count} acts: the rule has stopped looking.");
        var known = await examples.PlacesAsync();
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider })
        {
            using var client = clinic.As(role);
            foreach (var (path, actions) in await Walk.PagesAsync(client, PageForm.PagesOf(clinic, known)))
                if (actions.Any(action => ActOf(acts, action) is not null)) Look(acts, path, await client.GetStringAsync(path));
        }
        using var admin = clinic.As(ClinicRole.Admin);
        foreach (var path in new[] { $"/patients/{await clinic.OneAsync<Guid>("select patient_id from chart_restriction limit 1")}/restriction",
            $"/patients/{await clinic.OneAsync<Guid>("select id from patient where deleted_at is not null limit 1")}/destruction" })
            Look(acts, path, await admin.GetStringAsync(path));

        Assert.True(silent.Count == 0, string.Join('\n', silent.Distinct()));
        Assert.Equal(AfterOthers.Keys.Order(StringComparer.Ordinal), acts.Except(found).Order(StringComparer.Ordinal));
        foreach (var (act, page) in AfterOthers)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, page));
            var at = text.IndexOf(act[(act.LastIndexOf('}') + 1)..], StringComparison.Ordinal);
            Assert.True(at > 0 && Said().IsMatch(text), $"{act}: {page}");
        }
    }

    private void Look(List<string> acts, string path, string html)
    {
        foreach (Match form in Form().Matches(html))
        {
            var action = Action().Match(form.Value) is { Success: true } named ? WebUtility.HtmlDecode(named.Groups[1].Value) : path;
            if (!form.Value.Contains("post", StringComparison.OrdinalIgnoreCase) || ActOf(acts, action) is not { } act) continue;
            found.Add(act);
            var begins = Around().Matches(html[..form.Index]) is [.., var last] ? last.Index : form.Index;
            var words = WebUtility.HtmlDecode(Tag().Replace(html[begins..(form.Index + form.Length)], " "));
            if (!Sentence().IsMatch(words)) silent.Add($"{act} on {path}: {Spaces().Replace(words, " ")}");
        }
    }

    private static string? ActOf(List<string> acts, string action) => acts.FirstOrDefault(act => Regex.IsMatch(action.Split('?')[0].TrimEnd('/'),
        $"^{Parameter().Replace(Regex.Escape(act).Replace("\\{", "{", StringComparison.Ordinal), "[^/]+")}$"));

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("^<form[^>]*\\saction=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<(?:main|dialog|section|details|fieldset)\\b|<div class=\"[^\"]*(?:card|modal)[^\"]*\"")]
    private static partial Regex Around();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[A-Z][^.?!]{20,}[.?!]")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"<p>[A-Z][^<.?!]{20,}[.?!]|Title=""[A-Z][^""]{40,}[.?!]""")]
    private static partial Regex Said();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
