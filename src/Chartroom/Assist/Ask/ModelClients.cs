using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Anthropic.Core;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Chartroom.Assist;

/// <summary>A chat client of the vendor's own package, over our connections. Retries are ours, so theirs are off.</summary>
internal sealed class ModelClients(IHttpClientFactory clients, AssistSettings settings)
{
    public const string Client = "assist";
    private const string NoKey = "none";   // a model of this machine asks for none, the packages do

    /// <summary>Our connections, for what no package writes.</summary>
    public HttpClient Plain() => clients.CreateClient(Client);

    public IChatClient Of(AssistChoice choice)
    {
        var http = clients.CreateClient(Client);
        if (choice.Provider == AssistProvider.Anthropic)
        {
            var anthropic = new AnthropicClient(new ClientOptions
            {
                HttpClient = http, ApiKey = choice.Key ?? NoKey, BaseUrl = choice.Endpoint.AbsoluteUri.TrimEnd('/'), MaxRetries = 0, Timeout = TimeSpan.FromHours(1),
            });
            return anthropic.AsIChatClient(choice.Model, settings.MostTokens);
        }
        var openAi = new OpenAIClient(new ApiKeyCredential(choice.Key ?? NoKey), new OpenAIClientOptions
        {
            Endpoint = choice.Endpoint, Transport = new HttpClientPipelineTransport(http), RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = TimeSpan.FromHours(1),
        });
        return openAi.GetChatClient(choice.Model).AsIChatClient();
    }
}
