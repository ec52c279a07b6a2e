using Chartroom.Journeys;

namespace Chartroom.Exports;

public sealed class ExportJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_export_page_is_fine_for_everyone_and_offers_every_file(int width)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(clinic.Address, width);
        await visitor.SignInAsync(clinic, ClinicRole.Admin);

        await visitor.LookAtAsync("/settings/export");
        await visitor.PictureAsync($"export-{width}");

        var offered = await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[download]')].map(link => link.getAttribute('href').split('/').at(-1))");
        Assert.Equal(ExportSubject.All.SelectMany(subject => new[] { $"{subject.Name}.csv", $"{subject.Name}.json" }).Order(), offered.Order());
    }
}
