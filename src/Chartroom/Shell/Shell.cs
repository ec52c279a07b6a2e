using System.Text.Encodings.Web;
using System.Text.Unicode;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.WebEncoders;

namespace Chartroom.Shell;

/// <summary>The frame of all pages: layout and parts, forms, assets, security headers, error pages.</summary>
internal static class Shell
{
    /// <summary>Registers what rendering pages needs.</summary>
    internal static void AddShell(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Razor brings it along for forms of its own, which we have none of: no key of it is kept on the disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddWebEncoders();
        // Names are written in their own script instead of as character numbers; what HTML could mistake for markup is still encoded.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddSingleton<RefusalPage>(ErrorPages.Of);
    }

    /// <summary>Before the platform: it must see every answer, also those of middleware that refuses.</summary>
    internal static void UseShell(this WebApplication app)
    {
        app.Use(SecurityHeaders.SetAsync);
        app.Use(HtmxRedirects.TranslateAsync);
        app.Use(ErrorPages.ShowAsync);
    }

    /// <summary>After the platform, which knows who asks.</summary>
    internal static void UseShellForPeople(this WebApplication app) => app.Use(SamePerson.CheckAsync);
}
