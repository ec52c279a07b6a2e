namespace Chartroom.Scribe;

/// <summary>The page says what the repository says, for whoever chooses a drafter or reviews its drafts.</summary>
public sealed class AiCardTests
{
    [Fact]
    public async Task AI_4_An_administrator_reads_each_features_measured_figures_their_command_and_known_failures()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var page = System.Net.WebUtility.HtmlDecode(await desk.PageAsync("/insights/drafts/card", ClinicRole.Admin));
        var source = await File.ReadAllTextAsync(Path.Combine(Chartroom.Rules.SourceTree.Root, "docs", "ai-card.md"));
        Assert.All(source.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)), line => Assert.Contains(line[3..].Trim(), page, StringComparison.Ordinal));
        foreach (var row in source.Split('\n').Where(line => line.StartsWith('|') && !line.Contains("---", StringComparison.Ordinal)))
            Assert.All(row.Trim('|', ' ').Split('|'), cell => Assert.Contains(cell.Trim().Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal),
                page.Replace("<code>", "", StringComparison.Ordinal).Replace("</code>", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));   // headings have a capital there
        foreach (var leads in new[] { "/insights/drafts", "/settings/assistant" }) Assert.Contains("href=\"/insights/drafts/card\"", await desk.PageAsync(leads, ClinicRole.Admin), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_card_says_is_encoded() => Assert.Equal("<code>a</code> <strong>b</strong> &lt;script&gt; | c", AiCard.Html("`a` **b** <script> | c"));
}
