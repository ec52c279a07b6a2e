using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>Requirements of <c>docs/asvs.md</c> that are kept by never writing something down. What is allowed is named with its reason, so that the next one is read.</summary>
public sealed partial class AsvsSourceRules
{
    /// <summary>Expressions put together at run time: from a table of our own, and from a name that is escaped.</summary>
    private static readonly string[] PutTogether = ["src/Chartroom/OutsideCalendars/Busy/OwnZones.cs", "src/Chartroom/Scribe/Seeding/Planter.cs"];

    /// <summary>Compared in their own time because they are no secrets: a wrapped key against its row, the public id of a passkey.</summary>
    private static readonly string[] NoSecrets = ["src/Chartroom.Platform/Vault/OpenedKeys.cs", "src/Chartroom/Accounts/Passkeys/PasskeyStore.cs"];

    /// <summary>All that our scripts look up by name on the page and its window: nothing that an element of the page could be called.</summary>
    private static readonly HashSet<string> Looked =
    [
        "document.activeElement", "document.addEventListener", "document.body", "document.createElement", "document.createElementNS", "document.dispatchEvent", "document.documentElement",
        "document.execCommand", "document.getElementById", "document.hidden", "document.importNode", "document.querySelector", "document.querySelectorAll",
        "window.Chart", "window.EventCalendar", "window.EventSource", "window.addEventListener", "window.chartroomDay", "window.htmx", "window.location", "window.matchMedia", "window.print",
            "window.scrollTo",
    ];

    [Fact]
    public void No_text_that_people_type_becomes_part_of_an_expression_or_of_a_format()
    {
        var sources = SourceTree.Product("*.cs").Concat(SourceTree.Product("*.razor")).ToList();

        Assert.Equal(PutTogether, sources.Where(file => RunTimeExpression().IsMatch(file.Text)).Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Matches(@"Regex\.Escape\(", sources.Single(file => file.Path == PutTogether[0]).Text);
        Assert.Empty(sources.Where(file => RunTimeFormat().IsMatch(file.Text)).Select(file => file.Path));
    }

    [Fact]
    public void No_cipher_is_used_in_a_weak_mode_and_no_secret_is_compared_in_a_time_that_tells_of_it()
    {
        var sources = SourceTree.Product("*.cs").Select(file => (file.Path, Text: SourceTree.Bare(file.Text))).ToList();

        Assert.Empty(sources.Where(file => WeakMode().IsMatch(file.Text)).Select(file => file.Path));
        Assert.Contains(sources, file => file.Text.Contains("FixedTimeEquals", StringComparison.Ordinal));
        string[] secret = ["src/Chartroom.Platform/Vault/", "src/Chartroom.Platform/Identity/", "src/Chartroom/Accounts/", "src/Chartroom/ApiClients/", "src/Chartroom/OnlineBooking/"];
        Assert.Equal(NoSecrets, sources.Where(file => secret.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) && file.Text.Contains("SequenceEqual(",
            StringComparison.Ordinal)).Select(file => file.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scripts_look_nothing_up_by_a_name_that_content_could_take_merge_no_input_and_make_no_markup_or_code_of_text()
    {
        var scripts = SourceTree.Product("*.js").ToList();
        Assert.True(scripts.Count > 15, $"{scripts.Count} scripts: the rule has stopped looking.");

        Assert.Empty(scripts.SelectMany(file => LookedUp().Matches(file.Text).Select(it => it.Value)).Where(it => !Looked.Contains(it)).Distinct());
        Assert.Empty(scripts.Where(file => MadeOfText().IsMatch(file.Text)).Select(file => file.Path));
        Assert.Empty(scripts.Where(file => Polluted().IsMatch(file.Text)).Select(file => file.Path));
    }

    [GeneratedRegex(@"\bnew Regex\((?!"")|\bRegex\.(?:IsMatch|Match|Matches|Replace|Split|Count)\(\s*[^,""]+,(?!\s*@?"")")]
    private static partial Regex RunTimeExpression();

    [GeneratedRegex(@"\bstring\.Format\(|\bAppendFormat\(|\bCompositeFormat\b")]
    private static partial Regex RunTimeFormat();

    [GeneratedRegex(@"\bCipherMode\b|\bPaddingMode\b|\bTripleDES\b|\bRC2\b|\bDES\.|\bAes\.Create\b|\b(?:En|De)crypt(?:Ecb|Cbc|Cfb)\b|\bMD5\.|\bSHA1\.")]
    private static partial Regex WeakMode();

    [GeneratedRegex(@"(?<![.\w])(?:document|window)\.[A-Za-z_]+|(?<![.\w])(?:document|window)\[")]
    private static partial Regex LookedUp();

    [GeneratedRegex(@"\beval\(|\bnew Function\b|\bdocument\.write|\binsertAdjacentHTML\b|\.outerHTML\s*=|\.innerHTML\s*=(?!\s*'[^']*')|createContextualFragment")]
    private static partial Regex MadeOfText();

    [GeneratedRegex(@"__proto__|\bconstructor\[|\bfor\s*\((?:const|let|var)\s+\w+\s+in\b|\.prototype\.\w+\s*=")]
    private static partial Regex Polluted();
}
