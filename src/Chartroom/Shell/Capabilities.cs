using Chartroom.Assist;
using Chartroom.BreakGlass;
using Chartroom.Charts;
using Chartroom.Import;
using Chartroom.Orders;
using Chartroom.OutsideCalendars;
using Chartroom.Insights;
using Chartroom.Paperwork;
using Chartroom.Patients;
using Chartroom.Accounts;
using Chartroom.ApiClients;
using Chartroom.AuditLog;
using Chartroom.Exports;
using Chartroom.Clinics;
using Chartroom.Codes;
using Chartroom.Demo;
using Chartroom.Keys;
using Chartroom.Ledger;
using Chartroom.Notes;
using Chartroom.OnlineBooking;
using Chartroom.Staff;
using Chartroom.Scheduling;
using Chartroom.Scribe;
using Chartroom.Tasks;

namespace Chartroom.Shell;

/// <summary>The list of capabilities: what each adds and which routes it has.</summary>
internal static class Capabilities
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddShell();
        builder.Services.AddAccounts(builder.Configuration).AddClinics().AddStaff(builder.Configuration);
        builder.AddScheduling();
        builder.Services.AddApiDocument();
        builder.Services.AddPatients();
        builder.Services.AddDemo();
        builder.Services.AddCodes().AddCharts();
        builder.Services.AddAssist(builder.Configuration);
        builder.Services.AddScribe(builder.Configuration);
        builder.Services.AddNotes();
        builder.Services.AddOrders();
        builder.Services.AddImport(builder.Configuration);
        builder.Services.AddAuditLog();
        builder.Services.AddExports();
        builder.Services.AddInsights();
        builder.Services.AddKeys(builder.Configuration);
        builder.Services.AddBreakGlass();
        builder.Services.AddApiClients();
        builder.Services.AddTasks();
        builder.Services.AddPaperwork();
        builder.Services.AddLedger();
        builder.Services.AddOutsideCalendars(builder.Configuration);
        builder.Services.AddOnlineBooking(builder.Configuration);
    }

    public static void Map(WebApplication app)
    {
        app.MapHealth();
        app.MapPolicyReports();
        app.MapAccounts();
        app.MapClinics();
        app.MapStaff();
        app.MapScheduling();
        app.MapApiDocument();
        app.MapCodes();
        app.MapCharts();
        app.MapAssist();
        app.MapScribe();
        app.MapNotes();
        app.MapOrders();
        app.MapImport();
        AssetFiles.Map(app);
        app.MapPatients();
        app.MapAuditLog();
        app.MapExports();
        app.MapInsights();
        app.MapKeys();
        app.MapBreakGlass();
        app.MapApiClients();
        app.MapTasks();
        app.MapPaperwork();
        app.MapLedger();
        app.MapOutsideCalendars();
        app.MapOnlineBooking();
    }
}
