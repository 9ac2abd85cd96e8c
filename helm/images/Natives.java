import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;

/** Loads the engine and the tokenizers once, which leaves their native libraries unpacked in the folder DJL_CACHE_DIR. */
void main() {
    IO.println(Engine.getEngine("PyTorch").getVersion());
    LibUtils.checkStatus();
}
