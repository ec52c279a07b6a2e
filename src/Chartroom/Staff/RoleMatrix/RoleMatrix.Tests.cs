using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chartroom.Isolation;
using Chartroom.Rules;
using Microsoft.AspNetCore.Routing;
using Xunit.Abstractions;

namespace Chartroom.Staff;

/// <summary>docs/role-matrix.md is what the running program and its database say, and what they do when they are asked.</summary>
public sealed class RoleMatrixTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ACC_6_The_matrix_of_roles_routes_fields_and_columns_is_published_as_the_program_has_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var matrix = await clinic.The<RoleMatrixHandler>().HandleAsync(clinic.Actor(ClinicRole.Admin), default);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await clinic.As(ClinicRole.Admin).GetAsync("/settings/roles")).StatusCode);
        Assert.Equal(matrix.Routes.Count, JsonDocument.Parse(await clinic.As(ClinicRole.Admin).GetStringAsync("/api/v1/role-matrix")).RootElement.GetProperty("routes").GetArrayLength());

        // What the promise says of the roles, on what was generated.
        Assert.DoesNotContain(matrix.Columns, it => it.Table is "entry" or "entry_version" or "draft" or "decision" or "transcript" && it.FrontDesk.Length > 0);
        Assert.DoesNotContain(matrix.Columns, it => it.Emergency.Contains('w', StringComparison.Ordinal) && it.Table != "audit_event");
        Assert.DoesNotContain(matrix.Columns, it => it.Table is "platform.credential" or "platform.session" or "platform.api_client_secret" or "platform.api_token" && (it.Admin + it.Provider + it.FrontDesk + it.Emergency).Length > 0);
        Assert.DoesNotContain(matrix.Routes, it => it.Asks == "SignNotes" && it.Roles.Contains(ClinicRole.Admin));
        Assert.DoesNotContain(matrix.Routes, it => it.Asks is "ManageStaff" or "ManageClinic" or "ManageKeys" or "ManageApiClients" or "SeeAudit" or "ExportData" && it.Roles.Count != 1);

        SourceTree.HoldDocument("docs/role-matrix.md", Document(matrix));
    }

    [Fact]
    public async Task ACC_6_Every_route_asked_as_every_role_and_as_a_program_answers_as_the_matrix_says()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var matrix = RoleMatrix.RoutesOf(clinic.The<EndpointDataSource>().Endpoints).ToDictionary(it => $"{it.Method} {it.Path}");
        var routes = await SweptRoute.AllAsync(clinic);
        Assert.Empty(routes.Select(route => route.Name).Except(matrix.Keys));
        var program = await ProgramAsync(clinic);
        var (wrong, asked) = (new List<string>(), 0);
        using var client = clinic.Anonymous();

        foreach (var role in RoleMatrix.Roles)
            foreach (var route in routes)   // each with a session of its own: some routes end all others of the person
                await HoldAsync(route, Assert.Single(await Victim.SessionsAsync(clinic, role, 1)), $"{role}", matrix[route.Name].Roles.Contains(role));
        foreach (var route in routes.Where(route => !route.IsPublic))
        {
            await HoldAsync(route, program, "a program with every scope", matrix[route.Name].Scope is not null);
            await HoldAsync(route, null, "nobody", false);
        }

        output.WriteLine($"{asked} requests over {routes.Count} operations as 3 roles, a program and nobody: {wrong.Count} answered differently from the matrix");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));

        async Task HoldAsync(SweptRoute route, string? token, string who, bool isLetIn)
        {
            asked++;
            using var request = route.Ask(0, Guid.CreateVersion7(), Guid.CreateVersion7(), token);
            using var answer = await client.SendAsync(request);
            var text = answer.StatusCode == System.Net.HttpStatusCode.Forbidden ? await answer.Content.ReadAsStringAsync() : "";
            var isRefused = token is null ? IsSentAway(answer) : (who.StartsWith("a program", StringComparison.Ordinal) && text.Contains("accounts.step-up-needed", StringComparison.Ordinal)) || text.Contains("platform.forbidden", StringComparison.Ordinal) || text.Contains("Your role does not allow this", StringComparison.Ordinal)
                || text.Contains("identity.scope-missing", StringComparison.Ordinal) || text.Contains("identity.people-only", StringComparison.Ordinal) || text.Contains("This is for people who sign in", StringComparison.Ordinal);
            if (isRefused == isLetIn) wrong.Add($"{who}: {route.Name} answered {(int)answer.StatusCode}, the matrix says {(isLetIn ? "yes" : "no")}");
        }
    }

    private static bool IsSentAway(HttpResponseMessage answer) =>
        (int)answer.StatusCode is 401 || ((int)answer.StatusCode is 302 or 303 && answer.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) == true);

    private static async Task<string> ProgramAsync(TestClinic clinic)
    {
        var made = await clinic.As(ClinicRole.Admin).PostAsJsonAsync("/api/v1/api-clients", new { name = "Everything", scopes = Platform.Identity.ApiScopes.Names, days = 1, perMinute = 6000 });
        var given = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", given.GetProperty("clientId").GetString()), new("client_secret", given.GetProperty("clientSecret").GetString())]);
        return (await (await clinic.Anonymous().PostAsync("/api/v1/oauth/token", form)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static string Document(RoleMatrix matrix)
    {
        var page = new StringBuilder("""
            # Roles, routes, fields, columns

            Who may what, as the running program and its database say: written by a test, held to both by it, and every route asked over HTTP as every role
            (`./test --filter RoleMatrix`). An administrator reads the same at `/settings/roles`. Beside the role a restricted chart asks for its care team, and
            in an emergency anybody at the clinic opens one chart for 60 minutes (docs/decisions/0010): the front desk then asks the routes of `SeeCharts`, under the
            database role `emergency`.

            ## Routes

            `proof`: asks for a fresh second factor. Program: the scope that opens it to an API client; nothing is people's alone.

            | route | asks | admin | provider | front desk | program |
            |---|---|---|---|---|---|

            """);
        foreach (var it in matrix.Routes)
            page.Append(CultureInfo.InvariantCulture, $"| `{it.Method} {it.Path}` | {it.Asks}{(it.NeedsProof ? ", proof" : "")} | {string.Join(" | ", RoleMatrix.Roles.Select(role => it.Roles.Contains(role) ? "yes" : ""))} | {it.Scope} |\n");
        page.Append("\n## Fields\n\nOf each answer that the API describes: who gets it by some route.\n\n| answer | fields | admin | provider | front desk | program |\n|---|---|---|---|---|---|\n");
        foreach (var it in matrix.Fields)
            page.Append(CultureInfo.InvariantCulture, $"| {it.Answer} | {string.Join(", ", it.Fields)} | {string.Join(" | ", RoleMatrix.Roles.Select(role => it.Roles.Contains(role) ? "yes" : ""))} | {string.Join(", ", it.Scopes)} |\n");
        page.Append("\n## Columns\n\n`r` read, `w` write (insert or update); row-level security narrows it further (docs/grants.md).\n\n| table | columns | patients' data | admin | provider | front desk | emergency |\n|---|---|---|---|---|---|---|\n");
        foreach (var it in matrix.Columns)
            page.Append(CultureInfo.InvariantCulture, $"| `{it.Table}` | {string.Join(", ", it.Columns)} | {it.Class} | {it.Admin} | {it.Provider} | {it.FrontDesk} | {it.Emergency} |\n");
        return page.ToString();
    }
}
