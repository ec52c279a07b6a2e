using System.Text;

namespace Chartroom.Shell;

public sealed class PolicyReportsTests
{
    [Theory]
    [InlineData("""[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","documentURL":"https://x/?name=Quillfeather"}}]""", "script-src-elem")]
    [InlineData("""{"csp-report":{"violated-directive":"img-src 'self' data:","blocked-uri":"https://evil.example"}}""", "img-src")]
    [InlineData("""{"csp-report":{"effective-directive":"Jane Quillfeather"}}""", "")]
    [InlineData("""{"csp-report":{"effective-directive":7}}""", "")]
    [InlineData("""[[],7,null,{"body":"x"},{"body":{"effectiveDirective":"frame-src"}}]""", "frame-src")]
    [InlineData("not json", ""), InlineData("", ""), InlineData("\"text\"", "")]
    public void Of_a_browsers_report_only_the_directive_is_taken(string report, string directives) =>
        Assert.Equal(directives, string.Join(',', PolicyReports.DirectivesOf(Encoding.UTF8.GetBytes(report))));

    [Theory]
    [InlineData("[]"), InlineData("{"), InlineData("")]
    public async Task A_report_is_taken_from_anybody_and_every_answer_names_where_it_goes(string report)
    {
        await using var host = await TestClinic.OpenAsync();
        using var body = new StringContent(report, Encoding.UTF8, "application/reports+json");

        using var answer = await host.Anonymous().PostAsync(new Uri(PolicyReports.Path, UriKind.Relative), body);

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal($"policy=\"{PolicyReports.Path}\"", answer.Headers.GetValues("Reporting-Endpoints").Single());
        Assert.Contains($"report-to policy; report-uri {PolicyReports.Path}", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
