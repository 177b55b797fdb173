using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace LoRA.MLNet.Onnx;

/// <summary>A graph with its weights in ONNX Runtime. Runs may come from several threads; disposal waits for those under way.</summary>
/// <remarks>
/// Weights are read where the checkpoint has them, and ONNX Runtime packs those of linear modules for its kernels: one private copy, none of
/// the embeddings. Without packing there would be no copy at all, but one row took 1.4 to 1.8 times as long.
/// </remarks>
internal sealed class OnnxSession : IDisposable
{
    private readonly OnnxWeightMemory _memory = new();
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly UseCount _uses;

    public OnnxSession(OnnxGraph graph, OnnxSettings settings)
    {
        _uses = new UseCount(settings.Name);
        GlibcHeap.TakeLargeBlocks();
        try
        {
            using var options = OnnxSessionOptions.Create(settings, out var onGpu);
            var folded = graph.FoldedInitializers();
            var model = OnnxModel.Build(graph, new Dictionary<string, string>(), (initializer, tensor) =>
            {
                // a GPU has a copy of its own, and what is computed while loading is read from the message
                if (onGpu || folded.Contains(initializer.Name))
                {
                    tensor.RawData = initializer.ToByteString();
                }
                else
                {
                    OnnxWeightMemory.Mark(tensor);
                    _memory.AddTo(options, initializer);
                }
            });
            _session = new InferenceSession(model.ToByteArray(), options);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of weights that were copied for this session, because the checkpoint holds them in another type or order.</summary>
    public long CopiedBytes => _memory.AllocatedBytes;

    /// <summary>Runs the graph: values of named inputs to values of named outputs, which the caller allocated.</summary>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(string[] inputNames, OrtValue[] inputs, string[] outputNames, OrtValue[] outputs)
    {
        _uses.Begin();
        try
        {
            _session.Run(_runOptions, inputNames, inputs, outputNames, outputs);
        }
        finally
        {
            _uses.End();
        }
    }

    public void Dispose()
    {
        if (!_uses.Close())
        {
            return;
        }

        _session.Dispose();
        _runOptions.Dispose();
        _memory.Dispose();
    }
}
