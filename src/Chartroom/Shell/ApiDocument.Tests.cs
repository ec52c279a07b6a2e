using System.Text.Json;

namespace Chartroom.Shell;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task The_api_describes_itself_as_openapi_3_1_and_every_operation_names_its_permission_and_its_problems()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var document = JsonDocument.Parse(await clinic.Anonymous().GetStringAsync(new Uri("/openapi.json", UriKind.Relative)));

        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            Assert.StartsWith("/api/v1/", path.Name, StringComparison.Ordinal);
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.True(operation.Value.GetProperty("responses").TryGetProperty("default", out _), path.Name);
                Assert.True(operation.Value.TryGetProperty("x-audits", out _) || !operation.Value.TryGetProperty("security", out _), $"{operation.Name} {path.Name}");
            }
        }
    }
}
